//! A memory as TMX 1.4b.

use crate::xml::{Writer, legal};

use super::inline::{Numbers, write_content};
use super::{Tmx, TmxUnit};
use crate::model::Lang;

/// The memory as TMX 1.4b: UTF-8, one element a line, the same bytes for the same input. Dates are
/// those of the units; there is none in the header.
#[must_use]
pub fn write(tmx: &Tmx) -> String {
    let mut writer = TmxWriter::new(tmx.source_lang.as_ref(), &tmx.tool);
    for unit in &tmx.units {
        writer.add(unit);
    }
    writer.finish()
}

/// Writes what [`write()`] writes, unit by unit.
pub struct TmxWriter(Writer);

impl TmxWriter {
    /// Begins a memory of units that are translated from this language (`*all*` where there is
    /// none), made by this program and version.
    #[must_use]
    pub fn new(source_lang: Option<&Lang>, tool: &(String, String)) -> Self {
        let mut out = Writer::new();
        out.line("<!DOCTYPE tmx SYSTEM \"tmx14.dtd\">");
        out.open("tmx", &[("version", "1.4")]);
        let source = source_lang.map(ToString::to_string);
        let (name, version) = (legal(&tool.0), legal(&tool.1));
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
        Self(out)
    }

    /// Adds a unit.
    pub fn add(&mut self, unit: &TmxUnit) {
        write_unit(&mut self.0, unit);
    }

    /// Takes out what is written so far, so that a large memory can be written part by part.
    #[must_use]
    pub fn take(&mut self) -> String {
        self.0.take()
    }

    /// The whole file, or what was not taken of it.
    #[must_use]
    pub fn finish(self) -> String {
        self.0.finish()
    }
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
