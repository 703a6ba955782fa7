//! A memory as TMX 1.4b.

use crate::xml::{Writer, legal};

use super::inline::{Numbers, write_content};
use super::{Tmx, TmxUnit};

/// The memory as TMX 1.4b: UTF-8, one element a line, the same bytes for the same input. Dates are
/// those of the units; there is none in the header.
#[must_use]
pub fn write(tmx: &Tmx) -> String {
    let mut out = Writer::new();
    out.line("<!DOCTYPE tmx SYSTEM \"tmx14.dtd\">");
    out.open("tmx", &[("version", "1.4")]);
    let source = tmx.source_lang.as_ref().map(ToString::to_string);
    let (name, version) = (legal(&tmx.tool.0), legal(&tmx.tool.1));
    out.empty(
        "header",
        &[
            ("creationtool", &*name),
            ("creationtoolversion", &*version),
            ("segtype", "sentence"),
            ("o-tmf", "duizhao"),
            ("adminlang", "en"),
            ("srclang", source.as_deref().unwrap_or("*all*")),
            ("datatype", "plaintext"),
        ],
    );
    out.open("body", &[]);
    for unit in &tmx.units {
        write_unit(&mut out, unit);
    }
    out.finish()
}

fn write_unit(out: &mut Writer, unit: &TmxUnit) {
    let id = unit.id.as_deref().map(legal);
    let attrs: Vec<(&str, &str)> = id.iter().map(|id| ("tuid", id.as_ref())).collect();
    out.open("tu", &attrs);
    for note in &unit.notes {
        out.text("note", &[], note);
    }
    for (kind, value) in &unit.properties {
        out.text("prop", &[("type", &legal(kind))], value);
    }
    let mut numbers = Numbers::default();
    for variant in &unit.variants {
        let lang = variant.lang.to_string();
        let by = variant.by.as_deref().map(legal);
        let mut attrs = vec![("xml:lang", lang.as_str())];
        if let Some(when) = &variant.when {
            attrs.push(("changedate", when));
        }
        if let Some(by) = &by {
            attrs.push(("changeid", by));
        }
        out.open("tuv", &attrs);
        out.raw("seg", &[], |out| {
            write_content(out, &variant.content, &mut numbers);
        });
        out.close();
    }
    out.close();
}
