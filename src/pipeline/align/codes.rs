//! Inline codes of a translation that comes from a file of its own: its codes have ids of that
//! file, and must get those of the source's.

use std::collections::BTreeMap;

use crate::model::{Code, CodeKind, Content, Inline};

/// The target with the codes of its source: the first bold of one is the first bold of the other.
/// Codes that the source does not have are left out; their text stays.
pub fn fit(target: &Content, source: &Content) -> Content {
    let wanted = |inline: &Inline| match inline {
        Inline::Open(code) => Some((true, code.clone())),
        Inline::Placeholder(code) => Some((false, code.clone())),
        Inline::Text(_) | Inline::Close(_) => None,
    };
    let mut free: Vec<(bool, Box<Code>)> = source
        .inlines()
        .iter()
        .filter_map(wanted)
        .filter(|(paired, code)| !paired || closes(source, &code.id))
        .collect();
    let mut take = |paired: bool, kind: &CodeKind| {
        let at = free
            .iter()
            .position(|(p, code)| *p == paired && alike(&code.kind, kind))?;
        Some(free.remove(at).1)
    };
    let mut names: BTreeMap<&str, String> = BTreeMap::new();
    let mut fitted = Content::default();
    for inline in target.inlines() {
        match inline {
            Inline::Text(text) => fitted.push_text(text),
            Inline::Open(code) if closes(target, &code.id) => {
                if let Some(ours) = take(true, &code.kind) {
                    names.insert(&code.id, ours.id.clone());
                    fitted.push(Inline::Open(ours));
                }
            }
            Inline::Open(_) => {}
            Inline::Close(id) => {
                if let Some(ours) = names.remove(id.as_str()) {
                    fitted.push(Inline::Close(ours));
                }
            }
            Inline::Placeholder(code) => {
                if let Some(ours) = take(false, &code.kind) {
                    fitted.push(Inline::Placeholder(ours));
                }
            }
        }
    }
    fitted
}

fn closes(content: &Content, id: &str) -> bool {
    let mut ends = content.inlines().iter().filter_map(|inline| match inline {
        Inline::Close(end) => Some(end),
        _ => None,
    });
    ends.any(|end| end == id)
}

/// Whether two codes mean the same; the address of a link may differ.
fn alike(a: &CodeKind, b: &CodeKind) -> bool {
    std::mem::discriminant(a) == std::mem::discriminant(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(before: &str, id: &str, kind: CodeKind, inside: &str) -> Content {
        let code = Code {
            id: id.into(),
            kind,
        };
        [
            Inline::Text(before.into()),
            Inline::Open(Box::new(code)),
            Inline::Text(inside.into()),
            Inline::Close(id.into()),
        ]
        .into_iter()
        .collect()
    }

    #[test]
    fn codes_get_the_ids_of_the_source() {
        let source = marked("他说", "4", CodeKind::Bold, "不");
        let target = marked("He said ", "1", CodeKind::Bold, "no");
        let fitted = fit(&target, &source);
        assert_eq!(fitted.check_codes(&source), Ok(()));
        assert_eq!(fitted.text(), "He said no");
    }

    #[test]
    fn a_code_that_the_source_lacks_leaves_its_text() {
        let target = marked("He said ", "1", CodeKind::Italic, "no");
        let fitted = fit(&target, &Content::from_text("他说不"));
        assert_eq!(fitted, Content::from_text("He said no"));
    }
}
