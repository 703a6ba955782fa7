//! Tables of an article, each cell with both languages in it.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::{Page, Side};
use crate::model::{Block, Edition, Position};
use crate::publish::bead::{Bead, beads};
use crate::publish::html::{Dialect, escape};

/// A cell with its blocks; rows and columns are counted among those in which a cell begins.
struct Cell<'a> {
    row: usize,
    column: usize,
    rows: usize,
    columns: usize,
    header: bool,
    blocks: &'a [Block],
}

/// A table whose cells fit beside each other.
pub(super) struct Grid<'a> {
    cells: Vec<Cell<'a>>,
    rows: usize,
    columns: usize,
}

fn place(block: &Block) -> Option<(u16, u16)> {
    match block.position {
        Some(Position::Cell { row, column, .. }) => Some((row, column)),
        _ => None,
    }
}

/// How many blocks at the beginning are of one table: none where the first stands in no cell.
pub(super) fn length(blocks: &[Block]) -> usize {
    let Some(mut last) = blocks.first().and_then(place) else {
        return 0;
    };
    let follows = |block: &&Block| {
        place(block).is_some_and(|here| {
            let follows = here >= last;
            last = here;
            follows
        })
    };
    blocks.iter().take_while(follows).count()
}

impl<'a> Grid<'a> {
    /// The table that these blocks are. None where they are no more than paragraphs: pages are laid
    /// out with tables of one column, and a table that says two things of one place can't be drawn.
    pub(super) fn of(blocks: &'a [Block]) -> Option<Self> {
        let mut cells = Vec::new();
        for blocks in blocks.chunk_by(|one, other| place(one) == place(other)) {
            if let Some(Position::Cell {
                row,
                column,
                rows,
                columns,
                header,
            }) = blocks.first().and_then(|block| block.position)
            {
                cells.push((row, column, rows, columns, header, blocks));
            }
        }
        let rows: BTreeSet<u16> = cells.iter().map(|cell| cell.0).collect();
        let columns: BTreeSet<u16> = cells.iter().map(|cell| cell.1).collect();
        let (rows, columns) = (Vec::from_iter(rows), Vec::from_iter(columns));
        let index = |all: &[u16], from: u16| all.partition_point(|&other| other < from);
        let span = |all: &[u16], from: u16, length: u16| {
            // At least its own, also where counting ends.
            (index(all, from.saturating_add(length)) - index(all, from)).max(1)
        };
        // Mostly holes: no table that somebody drew.
        if columns.len() < 2 || rows.len() * columns.len() > 8 * cells.len() {
            return None;
        }
        let cells = cells
            .into_iter()
            .map(|(row, column, height, width, header, blocks)| Cell {
                row: index(&rows, row),
                column: index(&columns, column),
                rows: span(&rows, row, height),
                columns: span(&columns, column, width),
                header,
                blocks,
            })
            .collect();
        let grid = Self {
            cells,
            rows: rows.len(),
            columns: columns.len(),
        };
        grid.owners().map(|_| grid)
    }

    /// Which cell each place belongs to, row by row; none where two have the same place.
    fn owners(&self) -> Option<Vec<Option<usize>>> {
        let mut owners = vec![None; self.rows * self.columns];
        for (number, cell) in self.cells.iter().enumerate() {
            for row in cell.row..cell.row + cell.rows {
                for column in cell.column..cell.column + cell.columns {
                    let owner = &mut owners[row * self.columns + column];
                    if owner.replace(number).is_some() {
                        return None;
                    }
                }
            }
        }
        Some(owners)
    }
}

impl Page<'_> {
    /// Writes a table.
    pub(super) fn table(&mut self, grid: &Grid<'_>) {
        let Some(owners) = grid.owners() else {
            return;
        };
        self.html.push_str(match self.setting.dialect {
            // A wide one is moved by itself, with the keyboard too.
            Dialect::Html => "<div class=\"wide\" tabindex=\"0\">\n<table class=\"cells\">\n",
            Dialect::Xhtml => "<table class=\"cells\">\n",
        });
        for (row, places) in owners.chunks(grid.columns).enumerate() {
            self.html.push_str("<tr>\n");
            for (column, owner) in places.iter().enumerate() {
                match owner.map(|number| &grid.cells[number]) {
                    None => self.html.push_str("<td></td>\n"),
                    Some(cell) if (cell.row, cell.column) == (row, column) => self.cell(cell),
                    Some(_) => {}
                }
            }
            self.html.push_str("</tr>\n");
        }
        self.html.push_str(match self.setting.dialect {
            Dialect::Html => "</table>\n</div>\n",
            Dialect::Xhtml => "</table>\n",
        });
    }

    fn cell(&mut self, cell: &Cell<'_>) {
        let name = if cell.header { "th" } else { "td" };
        let mut attributes = String::new();
        if cell.header {
            let scope = if cell.row == 0 { "col" } else { "row" };
            let _ = write!(attributes, " scope=\"{scope}\"");
        }
        if cell.rows > 1 {
            let _ = write!(attributes, " rowspan=\"{}\"", cell.rows);
        }
        if cell.columns > 1 {
            let _ = write!(attributes, " colspan=\"{}\"", cell.columns);
        }
        if !cell.header && cell.blocks.iter().all(|block| !has_letters(&block.text())) {
            attributes.push_str(" class=\"figure\"");
        }
        let _ = write!(self.html, "<{name}{attributes}>");
        for block in cell.blocks {
            let id = match self.setting.dialect {
                Dialect::Html => String::new(),
                Dialect::Xhtml => format!(" id=\"{}\"", escape(block.id.as_str())),
            };
            let _ = write!(self.html, "<div{id}>");
            for side in self.cell_sides(block) {
                let _ = write!(
                    self.html,
                    "<p class=\"{}\" {}>{}</p>",
                    side.class, side.lang, side.html
                );
            }
            self.html.push_str("</div>");
        }
        let _ = writeln!(self.html, "</{name}>");
    }

    /// What stands in a cell: a figure that both languages write alike is there once.
    fn cell_sides(&mut self, block: &Block) -> Vec<Side> {
        let beads = beads(block, self.setting.target);
        if is_alike(block, &beads) {
            return vec![Side {
                class: "cp-both",
                ..self.source_side(&beads, "")
            }];
        }
        let said_elsewhere = super::is_said_elsewhere(&beads);
        match self.setting.edition {
            Edition::Source => vec![self.source_side(&beads, "")],
            Edition::Translation if said_elsewhere => Vec::new(),
            Edition::Translation => vec![self.translation_side(&beads, "")],
            Edition::Study => vec![self.annotated_side(&beads, "")],
            Edition::Bilingual | Edition::Interleaved if said_elsewhere => {
                vec![self.source_side(&beads, "")]
            }
            Edition::Bilingual | Edition::Interleaved => {
                vec![
                    self.source_side(&beads, ""),
                    self.translation_side(&beads, ""),
                ]
            }
        }
    }
}

/// Whether the translation is what the source is, or would be: a figure.
fn is_alike(block: &Block, beads: &[Bead<'_>]) -> bool {
    let text = block.text();
    let mut translation = String::new();
    for bead in beads {
        if bead.covered {
            return false;
        }
        match bead.target {
            Some(target) => translation.push_str(&target.content.text()),
            None if has_letters(&text) => return false,
            None => translation.push_str(&text),
        }
    }
    text == translation
}

fn has_letters(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
}
