//! Where paragraphs stand in the lists and tables of a page.

use html5ever::tokenizer::Tag;

use super::{Element, attribute};
use crate::model::Position;

/// A list or table that is open.
pub(super) enum Group {
    List {
        depth: u8,
        /// The number of the next item, where the list is an ordered one.
        next: Option<u32>,
    },
    Table {
        /// The row at hand, from 1; zero before the first.
        row: u16,
        /// The columns of this row and of the rows below that cells take already.
        taken: Vec<u16>,
        /// The next column that may be free, from 0.
        column: usize,
    },
}

/// How far up a list or table is looked for: pages hold elements that nobody closed.
const NEAR: usize = 32;
/// The most rows that one cell may take, and the most columns of a table; browsers have the first
/// for a cell's columns.
const MOST: u16 = 1000;

/// What an element that begins opens, if it is a list or table.
pub(super) fn group(tag: &Tag, above: &[Element]) -> Option<Group> {
    let name = tag.name.as_ref();
    let list = |next| {
        let outer = above.iter().rev().take(NEAR).find_map(|e| match e.group {
            Some(Group::List { depth, .. }) => Some(depth),
            _ => None,
        });
        Group::List {
            depth: outer.unwrap_or(0).saturating_add(1),
            next,
        }
    };
    match name {
        "ol" => {
            let start = attribute(tag, "start").and_then(|start| start.trim().parse().ok());
            Some(list(Some(start.unwrap_or(1))))
        }
        "ul" | "menu" | "dl" => Some(list(None)),
        "table" => Some(Group::Table {
            row: 0,
            taken: Vec::new(),
            column: 0,
        }),
        _ => None,
    }
}

/// Where the paragraphs of an element stand that begins inside of these; none where it says
/// nothing of it, as what stands in an item or a cell stands where that does.
pub(super) fn position(tag: &Tag, above: &mut [Element]) -> Option<Position> {
    let name = tag.name.as_ref();
    let mut groups = above.iter_mut().rev().take(NEAR);
    match name {
        "li" | "dd" | "dt" => {
            let list = groups.find_map(|e| match &mut e.group {
                Some(Group::List { depth, next }) => Some((depth, next)),
                _ => None,
            });
            let Some((depth, next)) = list else {
                return Some(Position::Item {
                    depth: 1,
                    number: None,
                    continues: false,
                });
            };
            if let (Some(next), Some(value)) = (&mut *next, attribute(tag, "value")) {
                *next = value.trim().parse().unwrap_or(*next);
            }
            let number = *next;
            *next = number.map(|number| number.saturating_add(1));
            Some(Position::Item {
                depth: *depth,
                number,
                continues: false,
            })
        }
        "tr" | "td" | "th" => {
            let table = groups.find_map(|e| match &mut e.group {
                Some(Group::Table { row, taken, column }) => Some((row, taken, column)),
                _ => None,
            });
            let (row, taken, column) = table?;
            if name == "tr" {
                *row = row.saturating_add(1);
                *column = 0;
                for rows in taken {
                    *rows = rows.saturating_sub(1);
                }
                return None;
            }
            let span = |name| {
                let value = attribute(tag, name).and_then(|value| value.trim().parse().ok());
                value.unwrap_or(1).clamp(1, MOST)
            };
            let (rows, columns) = (span("rowspan"), span("colspan"));
            while taken.get(*column).is_some_and(|&rows| rows > 0) {
                *column += 1;
            }
            let first = u16::try_from(*column + 1).ok()?;
            if first > MOST {
                return None;
            }
            let columns = columns.min(MOST + 1 - first);
            let end = *column + usize::from(columns);
            if taken.len() < end {
                taken.resize(end, 0);
            }
            taken[*column..end].fill(rows);
            *column = end;
            Some(Position::Cell {
                // A cell without a row around it stands in the first.
                row: (*row).max(1),
                column: first,
                rows,
                columns,
                header: name == "th",
            })
        }
        _ => None,
    }
}
