//! XLIFF written, validated with the standard's schemas, read back.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use duizhao::model::{
    Article, ArticleId, Block, BlockId, BlockKind, Code, CodeKind, Concept, Content, Inline, Lang,
    Lines, Meta, Note, NoteAbout, NoteKind, Origin, Position, Provenance, Segment, SegmentId,
    State, Suggestion, Target, Term, TermStatus, Translation,
};
use duizhao::review::{Reviewer, Snapshot, merge, read_returned, read_returned_against};
use duizhao::tbx::{self, Dialect};
use duizhao::tmx::{self, Tmx};
use duizhao::xliff::lint::lint;
use duizhao::xliff::{TermNote, Tool, WriteOptions, v1_2, v2};
use duizhao::xml::Limits;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

/// The folder of schemas and peers' data, which is not part of the repository.
pub fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os("DUIZHAO_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"),
        PathBuf::from,
    );
    if folder.join("schemas").is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: {} has no schemas", folder.display());
    None
}

/// Validates with xmllint; skips visibly where it or the schemas are absent.
pub fn validate(kind: &[&str], schema: &str, text: &str) {
    let Some(shared) = shared() else { return };
    if Command::new("xmllint").arg("--version").output().is_err() {
        eprintln!("skipped: xmllint is not installed");
        return;
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    let output = Command::new("xmllint")
        .current_dir(shared.join("schemas"))
        .env("XML_CATALOG_FILES", "catalog.xml")
        .args(["--nonet", "--noout"])
        .args(kind)
        .arg(schema)
        .arg(file.path())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}\n{text}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn validate_v2(text: &str) {
    validate(&["--schema"], "xliff-2.xsd", text);
}

fn validate_v1_2(text: &str) {
    validate(
        &["--schema"],
        "xliff-1.2/xliff-core-1.2-transitional.xsd",
        text,
    );
}

/// Text with what XML can't hold, would change, or reads as markup.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~]{0,12}",
        "[谈解放思想。，“”0-9]{1,12}",
        "[\\x00-\\x20<>&\"'\\]_x0-9\u{85}\u{2028}\u{FFFE}\u{FFFF}\u{FEFF}]{0,8}",
        "\\PC{0,6}",
    ]
}

fn kind() -> impl Strategy<Value = CodeKind> {
    prop_oneof![
        Just(CodeKind::Bold),
        Just(CodeKind::Italic),
        Just(CodeKind::Underline),
        Just(CodeKind::Superscript),
        Just(CodeKind::Subscript),
        Just(CodeKind::LineBreak),
        text().prop_map(CodeKind::Link),
        (text(), text()).prop_map(|(src, alt)| CodeKind::Image { src, alt }),
        text().prop_map(CodeKind::Other),
    ]
}

/// Content whose codes nest, cross, or have only one half.
fn content() -> impl Strategy<Value = Content> {
    let piece = prop_oneof![
        3 => text().prop_map(|text| (0, Some(text), CodeKind::Bold)),
        1 => kind().prop_map(|kind| (1, None, kind)),
        1 => kind().prop_map(|kind| (2, None, kind)),
        2 => (0..4_usize).prop_map(|at| (3 + at, None, CodeKind::Bold)),
    ];
    vec(piece, 0..8).prop_map(|pieces| {
        let mut content = Content::default();
        let mut open: Vec<String> = Vec::new();
        for (at, (what, text, kind)) in pieces.into_iter().enumerate() {
            let id = format!("c{at}");
            match what {
                0 => content.push_text(&text.unwrap_or_default()),
                1 => content.push(Inline::Placeholder(Box::new(Code { id, kind }))),
                2 => {
                    open.push(id.clone());
                    content.push(Inline::Open(Box::new(Code { id, kind })));
                }
                _ => {
                    let at = what - 3;
                    let id = if at < open.len() { open.remove(at) } else { id };
                    content.push(Inline::Close(id));
                }
            }
        }
        content
    })
}

fn note() -> impl Strategy<Value = Note> {
    let kind = prop_oneof![
        Just(NoteKind::Doubt),
        Just(NoteKind::Suspect),
        Just(NoteKind::Comment),
        "[a-z]{9}[ -~]{0,4}".prop_map(NoteKind::Other),
    ];
    let about = prop_oneof![Just(NoteAbout::Source), Just(NoteAbout::Target)];
    (kind, about, text()).prop_map(|(kind, about, text)| Note { kind, about, text })
}

fn provenance() -> impl Strategy<Value = Vec<Provenance>> {
    let origin = prop_oneof![
        Just(Origin::Drafted),
        any::<u8>().prop_map(Origin::Memory),
        any::<u8>().prop_map(Origin::Aligned),
        Just(Origin::Edited),
        Just(Origin::Reviewed),
        Just(Origin::Copied),
        Just(Origin::Carried),
    ];
    let when = prop_oneof![Just("2026-11-24".to_owned()), Just("-".to_owned()), text()];
    vec(
        (origin, option::of(text()), option::of(when)).prop_map(|(origin, by, when)| Provenance {
            origin,
            by,
            when,
        }),
        0..3,
    )
}

fn target() -> impl Strategy<Value = Target> {
    let state = prop_oneof![
        Just(State::Initial),
        Just(State::Translated),
        Just(State::Reviewed),
        Just(State::Final),
    ];
    (content(), state, provenance()).prop_map(|(content, state, provenance)| Target {
        content,
        state,
        provenance,
    })
}

fn translation() -> impl Strategy<Value = Translation> {
    let suggestion =
        (content(), target(), 0..=100_u8).prop_map(|(source, target, similarity)| Suggestion {
            source,
            target,
            similarity,
        });
    (
        option::of(target()),
        vec(suggestion, 0..2),
        option::of(text().prop_map(SegmentId::new)),
        vec(note(), 0..2),
    )
        .prop_map(|(target, suggestions, covered_by, notes)| Translation {
            target,
            suggestions,
            covered_by,
            notes,
        })
}

fn segment(lang: Lang) -> impl Strategy<Value = Segment> {
    (
        content(),
        "[ \\t\\n\\r\u{3000}\u{A0}]{0,2}",
        vec(note(), 0..2),
        translation(),
    )
        .prop_map(move |(source, space_after, notes, translation)| {
            let mut segment = Segment::new(SegmentId::new("s"), source, space_after);
            segment.notes = notes;
            if !translation.is_empty() {
                segment.targets.insert(lang.clone(), translation);
            }
            segment
        })
}

fn lang(tag: &str) -> Lang {
    tag.parse().unwrap()
}

fn position() -> impl Strategy<Value = Position> {
    let item = any::<(u8, Option<u32>, bool)>();
    let cell = (1_u16.., 1_u16.., 1_u16.., 1_u16.., any::<bool>());
    prop_oneof![
        item.prop_map(|(depth, number, continues)| Position::Item {
            depth,
            number,
            continues,
        }),
        cell.prop_map(|(row, column, rows, columns, header)| Position::Cell {
            row,
            column,
            rows,
            columns,
            header,
        }),
    ]
}

fn article() -> impl Strategy<Value = Article> {
    let block = (
        0..BlockKind::ALL.len(),
        option::of(any::<u8>()),
        any::<(u32, u32)>(),
        option::of(position()),
        vec(segment(lang("en")), 0..3),
    );
    let meta = (
        vec(option::of(text()), 5),
        vec(text(), 0..3),
        "[\\PC]{1,6}",
        text(),
    );
    (meta, vec(block, 0..4), vec(segment(lang("en")), 0..2)).prop_map(
        |((meta, authors, id, original), blocks, obsolete)| {
            let mut number = 0;
            let mut name = |mut segment: Segment| {
                number += 1;
                segment.id = SegmentId::new(format!("s{number}"));
                segment
            };
            let [outlet, date, section, address, rights] = meta.try_into().unwrap();
            Article {
                id: ArticleId::new(id),
                lang: lang("zh-Hans"),
                original,
                meta: Meta {
                    outlet,
                    date,
                    authors,
                    section,
                    address,
                    rights,
                },
                blocks: blocks
                    .into_iter()
                    .enumerate()
                    .map(
                        |(at, (kind, level, (first, last), position, segments))| Block {
                            id: BlockId::new(format!("b{}", at + 1)),
                            kind: BlockKind::ALL[kind],
                            level,
                            position,
                            lines: Lines { first, last },
                            segments: segments.into_iter().map(&mut name).collect(),
                            repairs: Vec::new(),
                            suspects: Vec::new(),
                        },
                    )
                    .collect(),
                obsolete: obsolete.into_iter().map(&mut name).collect(),
            }
        },
    )
}

/// A hand-out's options with a term for the first segment.
fn hand_out(article: &Article) -> WriteOptions {
    let term = TermNote {
        source: "提法".to_owned(),
        target: "formulation".to_owned(),
        status: TermStatus::Preferred,
        note: Some("of doctrine".to_owned()),
    };
    WriteOptions {
        hand_out: true,
        export: Some("20261124-1".to_owned()),
        terms: article
            .segments()
            .take(1)
            .map(|segment| (segment.id.clone(), vec![term.clone()]))
            .collect(),
        tool: Some(Tool {
            name: "duizhao".to_owned(),
            version: "0.1.0".to_owned(),
        }),
        ..WriteOptions::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn the_record_gives_the_article_back(article in article()) {
        let written = v2::write(&article, &lang("en"), &WriteOptions::default());
        let read = v2::read(Path::new("a.xlf"), written.as_bytes(), &Limits::default());
        prop_assert_eq!(read.unwrap(), article, "{}", written);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_is_written_is_valid(article in article()) {
        let en = lang("en");
        validate_v2(&v2::write(&article, &en, &WriteOptions::default()));
        validate_v2(&v2::write(&article, &en, &hand_out(&article)));
        validate_v1_2(&v1_2::write(&article, &en, &hand_out(&article)));
        let concepts = vec![Concept {
            source: article.id.to_string(),
            scope: article.meta.outlet.clone(),
            terms: vec![Term {
                text: article.original.clone(),
                status: TermStatus::Forbidden,
                note: article.meta.rights.clone(),
            }],
        }];
        let terms = tbx::write(&concepts, &article.lang, &en, Dialect::V3);
        validate(&["--relaxng"], "tbx/TBXcoreStructV03.rng", &terms);
        let tool = ("duizhao".to_owned(), "0.1.0".to_owned());
        let memory = Tmx::from_articles([&article], &en, State::Initial, tool);
        validate(&["--dtdvalid"], "tmx/tmx14.dtd", &tmx::write(&memory));
    }
}

fn lint_rules(text: &str) -> Vec<&'static str> {
    lint(Path::new("a.xlf"), text.as_bytes(), &Limits::default())
        .into_iter()
        .map(|lint| lint.rule)
        .collect()
}

/// A file of XLIFF 2.0 with this in its one unit.
fn v2_unit(unit: &str) -> String {
    format!(
        "<xliff xmlns='urn:oasis:names:tc:xliff:document:2.0' version='2.0' srcLang='zh' \
         trgLang='en' xmlns:mtc='urn:oasis:names:tc:xliff:matches:2.0' \
         xmlns:gls='urn:oasis:names:tc:xliff:glossary:2.0' \
         xmlns:slr='urn:oasis:names:tc:xliff:sizerestriction:2.0'>\
         <file id='f'><unit id='u'>{unit}</unit></file></xliff>"
    )
}

fn v1_unit(unit: &str) -> String {
    format!(
        "<xliff xmlns='urn:oasis:names:tc:xliff:document:1.2' version='1.2'>\
         <file original='o' source-language='zh' target-language='en' datatype='plaintext'><body>\
         {unit}</body></file></xliff>"
    )
}

#[test]
fn lint_knows_the_constraints_in_prose() {
    let segment = |content: &str| format!("<segment>{content}</segment>");
    let both = |source: &str, target: &str| {
        format!("<segment><source>{source}</source><target>{target}</target></segment>")
    };
    for (rule, unit) in [
        ("structure.missing", segment("<target>t</target>")),
        (
            "structure.missing",
            "<ignorable><source/></ignorable>".into(),
        ),
        (
            "structure.order",
            segment("<target>t</target><source>s</source>"),
        ),
        (
            "structure.attribute",
            both("<pc id='1' bold='yes'>s</pc>", "t"),
        ),
        (
            "structure.value",
            "<segment id='a b'><source>s</source></segment>".into(),
        ),
        (
            "state.sub-without-state",
            "<segment subState='a:b'><source>s</source></segment>".into(),
        ),
        (
            "language.mismatch",
            segment("<source xml:lang='ja'>s</source>"),
        ),
        (
            "space.mismatch",
            segment("<source xml:space='preserve'>s</source><target>t</target>"),
        ),
        ("reference.data", both("<ph id='1' dataRef='d1'/>", "t")),
        (
            "reference.copy",
            both("<ph id='1' canCopy='no'/><ph id='2' copyOf='1'/>", "t"),
        ),
        (
            "reference.sub-flow",
            both("<ph id='1' subFlows='other'/>", "t"),
        ),
        (
            "reference.comment",
            both("<mrk id='1' type='comment'>s</mrk>", "t"),
        ),
        (
            "reference.annotation",
            both("<mrk id='m1' type='term' ref='#zz'>s</mrk>", "t"),
        ),
        (
            "reference.syntax",
            both("<mrk id='1' ref='#u=1/f=1'>s</mrk>", "t"),
        ),
        ("id.code", both("<ph id='1'/><ph id='1'/>", "t")),
        ("code.pair", both("<sc id='1'/>s", "t")),
        ("code.isolated", both("s<ec id='1'/>", "t")),
        (
            "code.agreement",
            both("<sc id='1' canCopy='no'/>s<ec startRef='1'/>", "t"),
        ),
        (
            "code.type",
            both("<ph id='1' type='ui' subType='xlf:b'/>", "t"),
        ),
        ("code.kind", both("<ph id='1'/>", "<pc id='1'>t</pc>")),
        (
            "code.type",
            both("<ph id='1' type='fmt'/>", "<ph id='1' type='ui'/>"),
        ),
        ("code.target-only", both("s", "<ph id='1'/>")),
        ("code.deleted", both("<ph id='1' canDelete='no'/>", "t")),
        ("code.point", both("<cp hex='0041'/>", "t")),
        (
            "code.reorder",
            both(
                "<ph id='1' canReorder='no' canCopy='no' canDelete='no'/>",
                "<ph id='1'/>",
            ),
        ),
        (
            "order.unique",
            "<segment><source>a</source><target order='1'>a</target></segment>\
             <segment><source>b</source><target order='1'>b</target></segment>"
                .into(),
        ),
        (
            "module.match",
            format!(
                "<mtc:matches><mtc:match ref='#nothing'><source>s</source><target>t</target>\
                 </mtc:match></mtc:matches>{}",
                both("s", "t")
            ),
        ),
        (
            "module.glossary",
            format!(
                "<gls:glossary><gls:glossEntry><gls:term>s</gls:term></gls:glossEntry>\
                 </gls:glossary>{}",
                both("s", "t")
            ),
        ),
        (
            "module.size",
            both("<pc id='1' slr:sizeRestriction='ten'>s</pc>", "t"),
        ),
    ] {
        let rules = lint_rules(&v2_unit(&unit));
        assert!(rules.contains(&rule), "{rule}: {rules:?} in {unit}");
    }
    assert_eq!(
        lint_rules(&v2_unit(&both("<pc id='1'>s</pc>", "<pc id='1'>t</pc>"))),
        [""; 0]
    );
}

#[test]
fn lint_knows_xliff_1_2_too() {
    for (rule, unit) in [
        (
            "structure.missing",
            "<trans-unit id='1'><target>t</target></trans-unit>",
        ),
        (
            "structure.order",
            "<trans-unit id='1'><source>s</source><note>n</note><target>t</target></trans-unit>",
        ),
        (
            "structure.missing",
            "<trans-unit><source>s</source></trans-unit>",
        ),
        (
            "structure.value",
            "<trans-unit id='1'><source>s</source><target state='done'>t</target></trans-unit>",
        ),
        (
            "id.unit",
            "<trans-unit id='1'><source>s</source></trans-unit>\
             <trans-unit id='1'><source>s</source></trans-unit>",
        ),
        (
            "language.mismatch",
            "<trans-unit id='1'><source>s</source><target xml:lang='fr'>t</target></trans-unit>",
        ),
        (
            "code.pair",
            "<trans-unit id='1'><source><bx id='1'/>s</source></trans-unit>",
        ),
        (
            "code.target-only",
            "<trans-unit id='1'><source>s</source><target><x id='1'/></target></trans-unit>",
        ),
        (
            "reference.segments",
            "<trans-unit id='1'><source>s</source><seg-source><mrk mtype='seg' mid='1'>s</mrk>\
             </seg-source><target><mrk mtype='seg' mid='2'>t</mrk></target></trans-unit>",
        ),
        (
            "state.without-target",
            "<trans-unit id='1' approved='yes'><source>s</source></trans-unit>",
        ),
    ] {
        let rules = lint_rules(&v1_unit(unit));
        assert!(rules.contains(&rule), "{rule}: {rules:?} in {unit}");
    }
    let good = "<trans-unit id='1'><source>s<x id='1'/></source><target>t<x id='1'/></target>\
                <note>n</note></trans-unit>";
    assert_eq!(lint_rules(&v1_unit(good)), [""; 0]);
}

#[test]
fn hostile_files_end_quickly() {
    let start = std::time::Instant::now();
    let deep = format!(
        "{}x{}",
        "<pc id='1'>".repeat(100_000),
        "</pc>".repeat(100_000)
    );
    let spaces: String = (0..200).map(|n| format!(" xmlns:n{n}='u{n}'")).collect();
    let nested = format!("<a{spaces}>").repeat(90);
    let wide: String = (0..100_000).map(|n| format!(" a{n}='1'")).collect();
    for text in [
        v2_unit(&format!("<segment><source>{deep}</source></segment>")),
        nested,
        format!("<xliff{wide}/>"),
        format!("<xliff version='2.0' {}", "&amp;".repeat(1_000_000)),
        v2_unit(&format!(
            "<segment><source>{}</source></segment>",
            "<![CDATA[x]]>".repeat(100_000)
        )),
    ] {
        let rules = lint_rules(&text);
        let _ = read_returned(Path::new("a.xlf"), text.as_bytes(), &Limits::default());
        assert!(rules.len() <= 1, "{rules:?}");
    }
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever a tool or a bad line does to a file: an error or a plan, never a panic.
    #[test]
    fn damaged_files_never_panic(
        article in article(),
        old in any::<bool>(),
        damage in vec((any::<prop::sample::Index>(), "[<>/&;\"='a-z0-9 ]{0,4}", 0..12_usize), 1..5),
    ) {
        let en = lang("en");
        let options = hand_out(&article);
        let mut text = if old {
            v1_2::write(&article, &en, &options)
        } else {
            v2::write(&article, &en, &options)
        };
        for (place, insert, length) in damage {
            let mut from = place.index(text.len());
            while !text.is_char_boundary(from) {
                from -= 1;
            }
            let mut to = (from + length).min(text.len());
            while !text.is_char_boundary(to) {
                to += 1;
            }
            text.replace_range(from..to, &insert);
        }
        let limits = Limits::default();
        let _ = lint(Path::new("a.xlf"), text.as_bytes(), &limits);
        if let Ok(returned) = read_returned(Path::new("a.xlf"), text.as_bytes(), &limits) {
            let snapshot = [Snapshot::of(&article, &en, &options)];
            let exported = Arc::new(snapshot[0].clone());
            let against = read_returned_against(Path::new("a.xlf"), text.as_bytes(), &limits, |file| {
                (file.export() == Some(&exported.name)).then(|| Arc::clone(&exported))
            })
            .unwrap();
            for (file, compact) in returned.files.iter().zip(&against.files) {
                let reviewer = Reviewer::default();
                let merge = |article: &Article, file| {
                    merge(article.clone(), &en, &snapshot, file, returned.version, &reviewer)
                };
                let once = merge(&article, file);
                prop_assert_eq!(merge(&once.article, file).article, once.article.clone());
                prop_assert_eq!(merge(&article, compact), once);
            }
        }
    }

    /// What is sent out and comes back untouched changes nothing, whatever the article.
    #[test]
    fn an_untouched_return_changes_nothing(article in article(), old in any::<bool>()) {
        let en = lang("en");
        let options = hand_out(&article);
        let text = if old {
            v1_2::write(&article, &en, &options)
        } else {
            v2::write(&article, &en, &options)
        };
        let limits = Limits::default();
        let returned = read_returned(Path::new("a.xlf"), text.as_bytes(), &limits).unwrap();
        let snapshot = [Snapshot::of(&article, &en, &options)];
        let file = &returned.files[0];
        let plan = merge(article.clone(), &en, &snapshot, file, returned.version, &Reviewer::default());
        prop_assert_eq!(plan.article, article);
        prop_assert!(plan.quarantine.is_none(), "{:?}", plan.rows);
    }
}

#[test]
fn a_record_written_in_pieces_is_the_same() {
    let text = "很长的句子。".repeat(2_000);
    let segments: Vec<Segment> = (0..60)
        .map(|n| {
            Segment::new(
                SegmentId::new(format!("s{n}")),
                Content::from_text(&text),
                "",
            )
        })
        .collect();
    let mut article = v2::read(
        Path::new("a.xlf"),
        b"<xliff xmlns=\"urn:oasis:names:tc:xliff:document:2.0\" version=\"2.0\" srcLang=\"zh\" trgLang=\"en\"><file id=\"a\"><group id=\"b1\"><unit id=\"x\"><segment><source>a</source></segment></unit></group></file></xliff>",
        &Limits::default(),
    )
    .unwrap();
    article.blocks[0].segments = segments;
    let options = WriteOptions::default();
    let mut pieces = Vec::new();
    v2::write_to(&mut pieces, &article, &lang("en"), &options).unwrap();
    assert!(pieces.len() > 2 << 20);
    assert_eq!(
        String::from_utf8(pieces).unwrap(),
        v2::write(&article, &lang("en"), &options)
    );
}
