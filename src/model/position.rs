//! Where a block stands in a list or a table.

use serde::{Deserialize, Serialize};

/// Where a block stands in its list or table, as the file's markup says.
///
/// Blocks that follow each other with the same cell stand in it together; a cell that does not
/// come after the one before it, row by row, begins another table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Position {
    /// An item of a list.
    Item {
        /// How many lists it stands in: 1 for one that stands in no other.
        depth: u8,
        /// Its number, where the list is an ordered one.
        number: Option<u32>,
        /// Whether the item began in a block before this one.
        continues: bool,
    },
    /// A cell of a table.
    Cell {
        /// The row where it begins, from 1.
        row: u16,
        /// The column where it begins, from 1.
        column: u16,
        /// How many rows it takes; at least 1.
        rows: u16,
        /// How many columns it takes; at least 1.
        columns: u16,
        /// Whether it names a column or a row.
        header: bool,
    },
}

impl Position {
    /// The names and values that a record keeps, in order.
    #[must_use]
    pub fn values(self) -> Vec<(&'static str, String)> {
        match self {
            Self::Item {
                depth,
                number,
                continues,
            } => {
                let mut values = vec![("depth", depth.to_string())];
                values.extend(number.map(|number| ("number", number.to_string())));
                if continues {
                    values.push(("continues", "yes".to_owned()));
                }
                values
            }
            Self::Cell {
                row,
                column,
                rows,
                columns,
                header,
            } => {
                let mut values = vec![("row", row.to_string()), ("column", column.to_string())];
                if rows > 1 {
                    values.push(("rows", rows.to_string()));
                }
                if columns > 1 {
                    values.push(("columns", columns.to_string()));
                }
                if header {
                    values.push(("header", "yes".to_owned()));
                }
                values
            }
        }
    }

    /// What [`Position::values`] gave. None where there is neither a depth nor a row; an error
    /// names the value that is no number of its range.
    pub fn of_values<'a>(
        get: impl Fn(&str) -> Option<&'a str>,
    ) -> Result<Option<Self>, (&'static str, &'a str)> {
        fn number<'a, N: std::str::FromStr>(
            name: &'static str,
            value: Option<&'a str>,
        ) -> Result<Option<N>, (&'static str, &'a str)> {
            value
                .map(|value| value.parse().map_err(|_| (name, value)))
                .transpose()
        }
        if let Some(depth) = number("depth", get("depth"))? {
            let number = number("number", get("number"))?;
            return Ok(Some(Self::Item {
                depth,
                number,
                continues: get("continues") == Some("yes"),
            }));
        }
        let (Some(row), Some(column)) =
            (number("row", get("row"))?, number("column", get("column"))?)
        else {
            return Ok(None);
        };
        Ok(Some(Self::Cell {
            row,
            column,
            rows: number("rows", get("rows"))?.unwrap_or(1),
            columns: number("columns", get("columns"))?.unwrap_or(1),
            header: get("header") == Some("yes"),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_read_as_it_was_kept() {
        let cell = |columns, header| Position::Cell {
            row: 2,
            column: 3,
            rows: 1,
            columns,
            header,
        };
        let item = |number, continues| Position::Item {
            depth: 2,
            number,
            continues,
        };
        for position in [
            item(None, false),
            item(Some(7), true),
            cell(1, false),
            cell(2, true),
        ] {
            let values = position.values();
            let get = |name: &str| {
                let found = values.iter().find(|(other, _)| *other == name);
                found.map(|(_, value)| value.as_str())
            };
            assert_eq!(Position::of_values(get), Ok(Some(position)));
        }
        assert_eq!(Position::of_values(|_| None), Ok(None));
        let wrong = |name: &str| (name == "depth").then_some("-1");
        assert_eq!(Position::of_values(wrong), Err(("depth", "-1")));
    }
}
