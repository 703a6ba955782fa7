//! A file written again as it stands, with some targets changed.

use std::io::{self, Write};
use std::path::Path;

use crate::model::{Content, Inline};
use crate::xml::{Limits, escape_text, legal};

use super::XliffError;
use super::reader::{Item, Reader};
use super::unit::Unit;

/// Why a file was not written again.
#[derive(Debug, thiserror::Error)]
pub enum RewriteError {
    /// The file can't be read.
    #[error(transparent)]
    Xliff(#[from] XliffError),
    /// The output can't be written.
    #[error("writing the XLIFF file failed: {0}")]
    Io(#[from] io::Error),
}

/// Writes the file to `out` with the target texts that `change` gives, and everything else byte
/// for byte as it is: extensions, comments, layout, states. Memory is bounded by the largest unit
/// and the ids. Gives how many targets were changed.
///
/// `text` is what [`decode`](super::decode) gave. `change` is asked for units of one segment
/// without inline codes; the others stay as they are.
pub fn rewrite(
    path: &Path,
    text: &str,
    limits: &Limits,
    out: &mut impl Write,
    mut change: impl FnMut(&Unit) -> Option<String>,
) -> Result<usize, RewriteError> {
    let mut reader = Reader::new(path, text, limits)?;
    let mut written = 0;
    let mut changed = 0;
    let mut escaped = String::new();
    while let Some(item) = reader.next_item()? {
        let Item::Unit(unit) = item else { continue };
        let [part] = unit.parts.as_slice() else {
            continue;
        };
        let plain = |content: &Content| {
            content
                .inlines()
                .iter()
                .all(|inline| matches!(inline, Inline::Text(_)))
        };
        if !plain(&part.source) || !part.target.as_ref().is_none_or(plain) {
            continue;
        }
        let Some(new) = change(&unit) else { continue };
        changed += 1;
        escaped.clear();
        escape_text(&mut escaped, &legal(&new));
        let place = &part.target_place;
        if part.target.is_some() && !text[..place.end].ends_with("/>") {
            // The content of the element that is there.
            out.write_all(&text.as_bytes()[written..place.start])?;
            out.write_all(escaped.as_bytes())?;
        } else {
            // A new element, named as the source is, in place of `<target/>` or behind the source.
            let source = &text[part.source_place.clone()];
            let name: &str = source
                .trim_start_matches('<')
                .split(|c: char| c.is_whitespace() || matches!(c, '>' | '/'))
                .next()
                .unwrap_or_default();
            let prefix = name.strip_suffix("source").unwrap_or_default();
            out.write_all(&text.as_bytes()[written..place.start])?;
            write!(out, "<{prefix}target>{escaped}</{prefix}target>")?;
        }
        written = place.end;
    }
    out.write_all(&text.as_bytes()[written..])?;
    Ok(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(text: &str) -> String {
        let mut out = Vec::new();
        let path = Path::new("a.xlf");
        rewrite(path, text, &Limits::default(), &mut out, |unit| {
            (unit.id != "3").then(|| "a < b".to_owned())
        })
        .unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_is_not_changed_stays_byte_for_byte() {
        let unit = |id: &str, target: &str| {
            format!(
                "<x:trans-unit id='{id}' my:a='1'><x:source>s</x:source>{target}<my:b/><!-- c --></x:trans-unit>\r\n"
            )
        };
        let file = |units: &[(&str, &str)]| {
            let units: String = units.iter().map(|(id, target)| unit(id, target)).collect();
            format!(
                "<x:xliff xmlns:x='urn:oasis:names:tc:xliff:document:1.2' xmlns:my='m' version='1.2'>\
                 <x:file original='o' source-language='zh'><x:body>{units}</x:body></x:file></x:xliff>"
            )
        };
        let coded = "<x:target>t<x:x id='1'/></x:target>";
        let before = file(&[
            ("1", "<x:target state='new'>t</x:target>"),
            ("2", "<x:target/>"),
            ("3", "<x:target>t</x:target>"),
            ("4", ""),
            ("5", coded),
        ]);
        let new = "<x:target>a &lt; b</x:target>";
        let after = file(&[
            ("1", "<x:target state='new'>a &lt; b</x:target>"),
            ("2", new),
            ("3", "<x:target>t</x:target>"),
            ("4", new),
            ("5", coded),
        ]);
        assert_eq!(edit(&before), after);
    }
}
