//! Hand-outs that come back damaged: every kind of damage that tools were seen to do, and some
//! that they might. Every edit that the damage leaves whole must arrive, nothing else may change,
//! and what does not arrive must be told.

use std::path::Path;
use std::sync::Arc;

use duizhao::model::{
    Article, ArticleId, Block, BlockId, BlockKind, Code, CodeKind, Content, Inline, Lang, Lines,
    Meta, Note, NoteAbout, NoteKind, Segment, SegmentId, State, Target, Translation,
};
use duizhao::review::{
    Action, Class, Plan, Reviewer, Snapshot, merge, read_returned, read_returned_against,
};
use duizhao::xliff::{Version, WriteOptions, v1_2, v2};
use duizhao::xml::Limits;
use regex::{Captures, Regex};

fn en() -> Lang {
    "en".parse().unwrap()
}

/// `*…*` is bold, `[…]` a link, `|` a line break.
fn content(text: &str) -> Content {
    let mut content = Content::default();
    let code = |id: &str, kind| {
        Box::new(Code {
            id: id.into(),
            kind,
        })
    };
    let mut bold = false;
    for c in text.chars() {
        content.push(match c {
            '*' if bold => Inline::Close("1".into()),
            '*' => Inline::Open(code("1", CodeKind::Bold)),
            '[' => Inline::Open(code(
                "2",
                CodeKind::Link("https://example.org/a?b=1&c=2".into()),
            )),
            ']' => Inline::Close("2".into()),
            '|' => Inline::Placeholder(code("3", CodeKind::LineBreak)),
            c => Inline::Text(c.to_string()),
        });
        bold ^= c == '*';
    }
    content
}

/// Segments: block, source, target as exported, target as the translator left it.
const TEXTS: [(u8, &str, &str, &str); 14] = [
    (1, "解放思想", "Free the Mind", "Free the Mind"),
    (
        2,
        "雨下了三天。",
        "It rained for three days.",
        "It rained for three long days & nights.",
    ),
    (
        2,
        "河水涨了20%，桥还在。",
        "The river rose by 20%, the bridge stood.",
        "The river rose by 20%, the bridge stood.",
    ),
    (2, "人们回家了。", "", "People went home."),
    (2, "天晴了。", "The sky cleared.", "The sky cleared."),
    (
        3,
        "*思想*解放了。",
        "*The mind* is free.",
        "*The mind* has been freed.",
    ),
    (
        3,
        "A&T公司有<三>家分店。",
        "A&T has <three> branches.",
        "A&T has <three> branches.",
    ),
    (3, "天晴了。", "It cleared up.", "It cleared up at last."),
    (
        3,
        "他问：“为什么？”",
        "“Why?” he asked, 'loudly', in the café.",
        "“Why?” he asked, 'loudly', in the café.",
    ),
    (
        4,
        "共有56家企业。",
        "There are 56 firms.",
        "There are 56 firms in all.",
    ),
    (4, "明天见。", "", ""),
    (
        4,
        "见[这里]|好。",
        "See [here]|Good.",
        "Have a look [here]|Good.",
    ),
    (
        4,
        "他说“好”。他走了。",
        "“Good,” he said. He left.",
        "“Good,” he said. Then he left.",
    ),
    (5, "完。", "The end.", "The end."),
];

fn article(edited: bool) -> Article {
    let mut blocks: Vec<Block> = Vec::new();
    for (at, (block, source, before, after)) in TEXTS.iter().enumerate() {
        if blocks.len() < usize::from(*block) {
            blocks.push(Block {
                id: BlockId::new(format!("b{block}")),
                kind: if *block == 1 {
                    BlockKind::Title
                } else {
                    BlockKind::Paragraph
                },
                level: None,
                position: None,
                lines: Lines { first: 1, last: 1 },
                segments: Vec::new(),
                repairs: Vec::new(),
                suspects: Vec::new(),
            });
        }
        let mut segment = Segment::new(SegmentId::new(format!("s{}", at + 1)), content(source), "");
        let target = if edited { after } else { before };
        let mut translation = Translation::default();
        if !target.is_empty() {
            translation.target = Some(Target {
                content: content(target),
                state: State::Translated,
                provenance: Vec::new(),
            });
        }
        if at == 2 {
            translation.notes.push(Note {
                kind: NoteKind::Doubt,
                about: NoteAbout::Target,
                text: "Is it 20%?".into(),
            });
        }
        if !translation.is_empty() {
            segment.targets.insert(en(), translation);
        }
        blocks.last_mut().unwrap().segments.push(segment);
    }
    Article {
        id: ArticleId::new("rain"),
        lang: "zh-Hans".parse().unwrap(),
        original: "sources/rain.txt".into(),
        meta: Meta::default(),
        blocks,
        obsolete: Vec::new(),
    }
}

fn options(snapshot: Option<&Snapshot>) -> WriteOptions {
    WriteOptions {
        hand_out: true,
        export: snapshot.map(|snapshot| snapshot.name.clone()),
        ..WriteOptions::default()
    }
}

fn snapshot() -> Snapshot {
    Snapshot::of(&article(false), &en(), &options(None))
}

/// What a careful tool would send back.
fn returned(version: Version) -> String {
    let snapshot = snapshot();
    let options = options(Some(&snapshot));
    match version {
        Version::V1 => v1_2::write(&article(true), &en(), &options),
        _ => v2::write(&article(true), &en(), &options),
    }
}

/// What a damage does to the text of a file.
type Damage = fn(&str) -> Vec<u8>;

/// Which versions a damage can happen to.
#[derive(Clone, Copy, PartialEq)]
enum In {
    Both,
    Old,
    New,
}

fn replace(text: &str, pattern: &str, by: impl Fn(&Captures<'_>) -> String) -> String {
    Regex::new(pattern)
        .unwrap()
        .replace_all(text, |found: &Captures<'_>| by(found))
        .into_owned()
}

fn bytes(text: impl Into<String>) -> Vec<u8> {
    text.into().into_bytes()
}

/// Each unit, with its number.
fn units(text: &str, change: impl Fn(usize, &str) -> String) -> String {
    replace(
        text,
        r#"(?s)[ ]*<(trans-unit|unit) id="s(\d+)".*?</(trans-unit|unit)>\n"#,
        |found| change(found[2].parse().unwrap(), &found[0]),
    )
}

/// The content of each target.
fn targets(text: &str, change: impl Fn(&str) -> String) -> String {
    replace(text, r"(?s)(<target[^>]*>)(.*?)(</target>)", |found| {
        format!("{}{}{}", &found[1], change(&found[2]), &found[3])
    })
}

/// The content of each source and target.
fn texts(text: &str, change: impl Fn(&str) -> String) -> String {
    let text = targets(text, &change);
    replace(&text, r"(?s)(<source[^>]*>)(.*?)(</source>)", |found| {
        format!("{}{}{}", &found[1], change(&found[2]), &found[3])
    })
}

/// Text outside of tags.
fn runs(text: &str, change: impl Fn(&str) -> String) -> String {
    replace(text, r"(<[^>]*>)|([^<]+)", |found| match found.get(2) {
        Some(run) => change(run.as_str()),
        None => found[0].to_owned(),
    })
}

fn start_tags(text: &str, change: impl Fn(&str) -> String) -> String {
    replace(text, r#"<[a-zA-Z](?:[^>"]|"[^"]*")*>"#, |found| {
        change(&found[0])
    })
}

fn utf16(text: &str, big: bool, mark: bool) -> Vec<u8> {
    let text = text.replace("encoding=\"UTF-8\"", "encoding=\"UTF-16\"");
    let units = mark
        .then_some(0xFEFF)
        .into_iter()
        .chain(text.encode_utf16());
    units
        .flat_map(|unit| {
            if big {
                unit.to_be_bytes()
            } else {
                unit.to_le_bytes()
            }
        })
        .collect()
}

fn prefixed(text: &str) -> String {
    replace(text, r"<(/?)([a-z-]+)([ />])", |found| {
        format!("<{}x:{}{}", &found[1], &found[2], &found[3])
    })
    .replacen("xmlns=", "xmlns:x=", 1)
}

fn segmented(text: &str) -> String {
    // As Trados and memoQ do in 1.2.
    units(text, |_, unit| {
        let unit = replace(unit, r"(?s)<source>(.*?)</source>", |found| {
            format!(
                "{0}<seg-source><mrk mtype=\"seg\" mid=\"1\">{1}</mrk></seg-source>",
                &found[0], &found[1]
            )
        });
        replace(&unit, r"(?s)(<target[^>]*>)(.*?)</target>", |found| {
            format!(
                "{}<mrk mtype=\"seg\" mid=\"1\">{}</mrk></target>",
                &found[1], &found[2]
            )
        })
    })
}

/// Unit 13 in two segments, as 2.0 allows and OmegaT does.
fn split_unit(text: &str) -> String {
    units(text, |at, unit| {
        if at != 13 {
            return unit.to_owned();
        }
        replace(unit, r"(?s)<segment[^>]*>.*</segment>", |_| {
            "<segment id=\"1\" state=\"translated\"><source>他说“好”。</source><target>“Good,” he said.</target></segment>\
             <ignorable><source></source><target> </target></ignorable>\
             <segment id=\"2\" state=\"translated\"><source>他走了。</source><target>Then he left.</target></segment>"
                .to_owned()
        })
    })
}

fn split_unit_old(text: &str) -> String {
    units(text, |at, unit| {
        if at != 13 {
            return unit.to_owned();
        }
        let unit = replace(unit, r"(?s)<source>(.*?)</source>", |found| {
            format!(
                "{}<seg-source><mrk mtype=\"seg\" mid=\"0\">他说“好”。</mrk><mrk mtype=\"seg\" mid=\"1\">他走了。</mrk></seg-source>",
                &found[0]
            )
        });
        replace(&unit, r"(?s)(<target[^>]*>).*?</target>", |found| {
            format!(
                "{}<mrk mtype=\"seg\" mid=\"0\">“Good,” he said.</mrk> <mrk mtype=\"seg\" mid=\"1\">Then he left.</mrk></target>",
                &found[1]
            )
        })
    })
}

fn wrapped(text: &str, indent: &str) -> String {
    texts(text, |inside| {
        // Where an English sentence has a blank, a line may break.
        let inside = inside.replacen(' ', &format!("\n{indent}"), 1);
        format!("\n{indent}{inside}\n{indent}")
    })
}

fn reordered(text: &str) -> String {
    let mut all: Vec<String> = Vec::new();
    let empty = units(text, |_, unit| {
        // Collected below: closures of `units` can't change what they see.
        format!("@@{}@@", unit.replace('@', "&#64;"))
    });
    let pattern = Regex::new(r"(?s)@@(.*?)@@").unwrap();
    for found in pattern.captures_iter(&empty) {
        all.push(found[1].to_owned());
    }
    let without = pattern.replace_all(&empty, "").into_owned();
    all.reverse();
    // The first group takes them all.
    let at = without.find("</group>").unwrap();
    format!("{}{}{}", &without[..at], all.concat(), &without[at..])
}

fn decomposed(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.nfd().collect()
}

/// Every kind of damage: its name, the versions that it happens to, what it does, and the numbers
/// of the units whose edits it spoils.
const KINDS: &[(&str, In, Damage, &[usize])] = &[
    ("nothing", In::Both, |t| bytes(t), &[]),
    (
        "a byte order mark",
        In::Both,
        |t| [b"\xEF\xBB\xBF", t.as_bytes()].concat(),
        &[],
    ),
    (
        "UTF-16 with a mark",
        In::Both,
        |t| utf16(t, false, true),
        &[],
    ),
    (
        "UTF-16, big end first, with a mark",
        In::Both,
        |t| utf16(t, true, true),
        &[],
    ),
    (
        "UTF-16 without a mark",
        In::Both,
        |t| utf16(t, false, false),
        &[],
    ),
    (
        "GB18030",
        In::Both,
        |t| {
            encoding_rs::GB18030
                .encode(&t.replace("UTF-8", "GB18030"))
                .0
                .into_owned()
        },
        &[],
    ),
    (
        "carriage returns before line feeds",
        In::Both,
        |t| bytes(t.replace('\n', "\r\n")),
        &[],
    ),
    (
        "carriage returns for line feeds",
        In::Both,
        |t| bytes(t.replace('\n', "\r")),
        &[],
    ),
    ("no line at the end", In::Both, |t| bytes(t.trim_end()), &[]),
    (
        "no XML declaration",
        In::Both,
        |t| bytes(t.split_once('\n').unwrap().1),
        &[],
    ),
    (
        "a declaration of its own",
        In::Both,
        |t| bytes(t.replacen("encoding=\"UTF-8\"", "encoding='utf-8' standalone='no'", 1)),
        &[],
    ),
    (
        "single quotes",
        In::Both,
        |t| bytes(start_tags(t, |tag| tag.replace('"', "'"))),
        &[],
    ),
    (
        "attributes the other way round",
        In::Both,
        |t| {
            bytes(start_tags(t, |tag| {
                let attr = Regex::new(r#" [a-zA-Z:-]+="[^"]*""#).unwrap();
                let mut all: Vec<&str> = attr.find_iter(tag).map(|found| found.as_str()).collect();
                all.reverse();
                let name = tag.split([' ', '>', '/']).next().unwrap();
                let end = if tag.ends_with("/>") { "/>" } else { ">" };
                format!("{name}{}{end}", all.concat())
            }))
        },
        &[],
    ),
    (
        "lines within tags",
        In::Both,
        |t| {
            bytes(start_tags(t, |tag| {
                tag.replace(" id=", "\n   id=").replace("\">", "\"\n>")
            }))
        },
        &[],
    ),
    ("another prefix", In::Both, |t| bytes(prefixed(t)), &[]),
    (
        "other prefixes for modules",
        In::New,
        |t| {
            bytes(
                t.replace("mda:", "m0:")
                    .replace("xmlns:mda", "xmlns:m0")
                    .replace("mtc:", "q:")
                    .replace(":mtc", ":q"),
            )
        },
        &[],
    ),
    (
        "everything in one line",
        In::Both,
        |t| bytes(replace(t, r">\n\s*<", |_| "><".to_owned())),
        &[],
    ),
    (
        "deep indentation",
        In::Both,
        |t| {
            bytes(replace(t, r">\n(\s*)<", |found| {
                format!(">\n\n\t\t{}{}<", &found[1], &found[1])
            }))
        },
        &[],
    ),
    (
        "texts on lines of their own",
        In::Both,
        |t| bytes(texts(t, |inside| format!("\n        {inside}\n      "))),
        &[],
    ),
    (
        "texts with lines broken",
        In::Both,
        |t| bytes(wrapped(t, "        ")),
        &[],
    ),
    (
        "texts with lines broken by tabs",
        In::Both,
        |t| bytes(wrapped(t, "\t\t")),
        &[],
    ),
    (
        "blanks at the ends of targets",
        In::Both,
        |t| bytes(targets(t, |inside| format!(" {inside}  "))),
        &[],
    ),
    (
        "lines behind targets",
        In::Both,
        |t| bytes(targets(t, |inside| format!("{inside}\n"))),
        &[],
    ),
    (
        "notes dropped",
        In::Both,
        |t| {
            bytes(replace(
                t,
                r"(?s)\s*<note [^>]*annotates.*?</note>|\s*<notes>.*?</notes>",
                |_| String::new(),
            ))
        },
        &[],
    ),
    (
        "xml:space dropped",
        In::Both,
        |t| bytes(t.replace(" xml:space=\"preserve\"", "")),
        &[],
    ),
    (
        "comments between units",
        In::Both,
        |t| bytes(units(t, |at, unit| format!("<!-- {at} -->\n{unit}"))),
        &[],
    ),
    (
        "comments within targets",
        In::Both,
        |t| bytes(targets(t, |inside| format!("<!-- a -->{inside}<!-- > -->"))),
        &[],
    ),
    (
        "processing instructions",
        In::Both,
        |t| bytes(units(t, |_, unit| format!("<?tool a=\"b\"?>{unit}"))),
        &[],
    ),
    (
        "CDATA",
        In::Both,
        |t| {
            bytes(runs(t, |run| {
                if run.trim().is_empty() {
                    return run.to_owned();
                }
                let plain = run
                    .replace("&lt;", "<")
                    .replace("&gt;", ">")
                    .replace("&amp;", "&");
                format!("<![CDATA[{plain}]]>")
            }))
        },
        &[],
    ),
    (
        "numbers for characters",
        In::Both,
        |t| {
            bytes(runs(t, |run| {
                run.chars()
                    .map(|c| {
                        if c.is_ascii() {
                            c.to_string()
                        } else {
                            format!("&#{};", u32::from(c))
                        }
                    })
                    .collect()
            }))
        },
        &[],
    ),
    (
        "hexadecimal numbers for characters",
        In::Both,
        |t| {
            bytes(runs(t, |run| {
                run.chars()
                    .map(|c| {
                        if c.is_ascii() {
                            c.to_string()
                        } else {
                            format!("&#x{:X};", u32::from(c))
                        }
                    })
                    .collect()
            }))
        },
        &[],
    ),
    (
        "entities for quotes",
        In::Both,
        |t| {
            bytes(runs(t, |run| {
                run.replace('"', "&quot;")
                    .replace('\'', "&apos;")
                    .replace('>', "&gt;")
            }))
        },
        &[],
    ),
    (
        "escaped twice where nobody edited",
        In::Both,
        |t| {
            bytes(t.replace(
                "A&amp;T has &lt;three&gt;",
                "A&amp;amp;T has &amp;lt;three&amp;gt;",
            ))
        },
        &[],
    ),
    (
        "groups dropped",
        In::Both,
        |t| {
            bytes(replace(
                t,
                r"(?s)\s*<group .*?>(\s*<mda:metadata>.*?</mda:metadata>)?|\s*</group>",
                |_| String::new(),
            ))
        },
        &[],
    ),
    (
        "ids numbered anew",
        In::Both,
        |t| {
            bytes(units(t, |at, unit| {
                unit.replacen(&format!("id=\"s{at}\""), &format!("id=\"{}\"", at + 100), 1)
            }))
        },
        &[],
    ),
    (
        "ids numbered anew from one",
        In::Both,
        |t| {
            bytes(units(t, |at, unit| {
                unit.replacen(&format!("id=\"s{at}\""), &format!("id=\"{at}\""), 1)
            }))
        },
        &[],
    ),
    (
        "ids moved on by one",
        In::Both,
        |t| {
            bytes(units(t, |at, unit| {
                unit.replacen(&format!("id=\"s{at}\""), &format!("id=\"s{}\"", at + 1), 1)
            }))
        },
        &[],
    ),
    (
        "ids with the file's name before them",
        In::Both,
        |t| {
            bytes(units(t, |at, unit| {
                unit.replacen(
                    &format!("id=\"s{at}\""),
                    &format!("id=\"rain.txt_s{at}\""),
                    1,
                )
            }))
        },
        &[],
    ),
    (
        "another file name",
        In::Both,
        |t| {
            bytes(t.replace(
                "original=\"sources/rain.txt\"",
                "original=\"C:\\work\\rain.xlf\"",
            ))
        },
        &[],
    ),
    (
        "no export name",
        In::Both,
        |t| {
            bytes(replace(
                t,
                r#"(?s)<note from="duizhao-export">.*?</note>|<mda:metaGroup category="export">.*?</mda:metaGroup>"#,
                |_| String::new(),
            ))
        },
        &[],
    ),
    (
        "neither ids nor export name",
        In::Both,
        |t| {
            let text = replace(
                t,
                r#"(?s)<note from="duizhao-export">.*?</note>|<mda:metaGroup category="export">.*?</mda:metaGroup>"#,
                |_| String::new(),
            );
            bytes(units(&text, |at, unit| {
                unit.replacen(&format!("id=\"s{at}\""), &format!("id=\"tu{at}\""), 1)
            }))
        },
        &[],
    ),
    ("another order", In::Both, |t| bytes(reordered(t)), &[]),
    (
        "units twice",
        In::Both,
        |t| bytes(units(t, |_, unit| format!("{unit}{unit}"))),
        &[],
    ),
    (
        "a unit twice, with two targets",
        In::Both,
        |t| {
            bytes(units(t, |at, unit| {
                if at == 10 {
                    format!("{unit}{}", unit.replace("in all", "altogether"))
                } else {
                    unit.to_owned()
                }
            }))
        },
        &[10],
    ),
    (
        "a unit dropped",
        In::Both,
        |t| {
            bytes(units(t, |at, unit| {
                if at == 10 {
                    String::new()
                } else {
                    unit.to_owned()
                }
            }))
        },
        &[10],
    ),
    (
        "units that nobody edited dropped",
        In::Both,
        |t| {
            bytes(units(t, |at, unit| {
                if [1, 3, 5, 7, 9, 11, 14].contains(&at) {
                    String::new()
                } else {
                    unit.to_owned()
                }
            }))
        },
        &[],
    ),
    (
        "a unit more",
        In::Both,
        |t| {
            bytes(units(t, |at, unit| {
                if at == 14 {
                    format!(
                        "{unit}{}",
                        unit.replace("\"s14\"", "\"header\"")
                            .replace("完。", "Tool 1.0")
                            .replace("The end.", "Tool 1.0")
                    )
                } else {
                    unit.to_owned()
                }
            }))
        },
        &[],
    ),
    (
        "all states final",
        In::Both,
        |t| {
            bytes(replace(t, r#"state="[a-z-]+""#, |_| {
                "state=\"final\"".to_owned()
            }))
        },
        &[],
    ),
    (
        "no states",
        In::Both,
        |t| bytes(replace(t, r#" state="[a-z-]+""#, |_| String::new())),
        &[],
    ),
    (
        "all approved",
        In::Old,
        |t| bytes(t.replace("approved=\"no\"", "approved=\"yes\"")),
        &[],
    ),
    (
        "no approval",
        In::Old,
        |t| bytes(t.replace(" approved=\"no\"", "")),
        &[],
    ),
    (
        "states that tools make up",
        In::Old,
        |t| {
            bytes(replace(t, r#"state="[a-z-]+""#, |_| {
                "state=\"x-reviewed-1\" state-qualifier=\"leveraged-mt\"".to_owned()
            }))
        },
        &[],
    ),
    (
        "states that do not exist",
        In::Both,
        |t| {
            bytes(replace(t, r#"state="[a-z-]+""#, |_| {
                "state=\"done\"".to_owned()
            }))
        },
        &[],
    ),
    (
        "substates",
        In::New,
        |t| {
            bytes(replace(t, r#"state="([a-z-]+)""#, |found| {
                format!("state=\"{}\" subState=\"my:x\"", &found[1])
            }))
        },
        &[],
    ),
    ("seg-source and mrk", In::Old, |t| bytes(segmented(t)), &[]),
    (
        "seg-source and mrk, texts on lines of their own",
        In::Old,
        |t| bytes(texts(&segmented(t), |inside| format!("\n   {inside}\n  "))),
        &[],
    ),
    (
        "a unit in two segments",
        In::New,
        |t| bytes(split_unit(t)),
        &[],
    ),
    (
        "a unit in two marked segments",
        In::Old,
        |t| bytes(split_unit_old(t)),
        &[],
    ),
    (
        "alt-trans",
        In::Old,
        |t| {
            bytes(units(t, |_, unit| {
                unit.replace("</trans-unit>", "<alt-trans match-quality=\"80\"><source>别的</source><target>Something else</target></alt-trans></trans-unit>")
            }))
        },
        &[],
    ),
    (
        "matches",
        In::New,
        |t| {
            bytes(units(t, |_, unit| {
                replace(unit, "(<unit [^>]*>)", |found| {
                    format!(
                        "{}<mtc:matches><mtc:match ref=\"#text\"><source>别的</source><target>Something else</target></mtc:match></mtc:matches>",
                        &found[1]
                    )
                })
            }))
        },
        &[],
    ),
    (
        "targets before sources",
        In::Both,
        |t| {
            bytes(units(t, |_, unit| {
                replace(
                    unit,
                    r"(?s)(<source>.*?</source>)(\s*)(<target[^>]*>.*?</target>)",
                    |found| format!("{}{}{}", &found[3], &found[2], &found[1]),
                )
            }))
        },
        &[],
    ),
    (
        "empty targets",
        In::Both,
        |t| {
            bytes(units(t, |at, unit| {
                if at == 11 {
                    unit.replace("</source>", "</source><target/>")
                } else {
                    unit.to_owned()
                }
            }))
        },
        &[],
    ),
    (
        "empty targets with a state",
        In::Old,
        |t| {
            bytes(units(t, |at, unit| {
                if at == 11 {
                    unit.replace(
                        "</source>",
                        "</source><target state=\"translated\">\n  </target>",
                    )
                } else {
                    unit.to_owned()
                }
            }))
        },
        &[],
    ),
    (
        "sources copied",
        In::Both,
        |t| {
            bytes(units(t, |at, unit| {
                if at == 11 {
                    unit.replace("</source>", "</source><target>明天见。</target>")
                } else {
                    unit.to_owned()
                }
            }))
        },
        &[],
    ),
    (
        "codes that enclose nothing else dropped",
        In::Both,
        |t| {
            bytes(units(t, |at, unit| {
                if at == 6 {
                    targets(unit, |inside| replace(inside, "<[^>]*>", |_| String::new()))
                } else {
                    unit.to_owned()
                }
            }))
        },
        &[6],
    ),
    (
        "codes dropped in what nobody edited",
        In::Both,
        |t| {
            bytes(units(t, |at, unit| {
                if at == 12 {
                    targets(unit, |_| "See hereGood.".to_owned())
                } else {
                    unit.to_owned()
                }
            }))
        },
        &[12],
    ),
    (
        "placeholders for pairs",
        In::Old,
        |t| {
            bytes(replace(t, r#"<g id="(\d)"[^>]*>(.*?)</g>"#, |found| {
                format!(
                    "<bpt id=\"{0}\" rid=\"{0}\">[{0}}}</bpt>{1}<ept id=\"{0}\" rid=\"{0}\">{{{0}]</ept>",
                    &found[1], &found[2]
                )
            }))
        },
        &[],
    ),
    (
        "starts and ends for pairs",
        In::Old,
        |t| {
            bytes(replace(t, r#"<g id="(\d)"[^>]*>(.*?)</g>"#, |found| {
                format!("<bx id=\"{0}\"/>{1}<ex id=\"{0}\"/>", &found[1], &found[2])
            }))
        },
        &[],
    ),
    (
        "starts and ends for pairs, new",
        In::New,
        |t| {
            bytes(replace(t, r#"<pc id="(\d)"[^>]*>(.*?)</pc>"#, |found| {
                format!(
                    "<sc id=\"{0}\"/>{1}<ec startRef=\"{0}\"/>",
                    &found[1], &found[2]
                )
            }))
        },
        &[],
    ),
    (
        "attributes of codes dropped",
        In::Both,
        |t| {
            bytes(replace(t, r#"<(g|x|pc|ph) id="(\d)"[^>/]*"#, |found| {
                format!("<{} id=\"{}\"", &found[1], &found[2])
            }))
        },
        &[],
    ),
    (
        "placeholders as elements with text",
        In::Old,
        |t| {
            bytes(replace(t, r#"<x id="3"[^>]*/>"#, |_| {
                "<ph id=\"3\">&lt;br/&gt;</ph>".to_owned()
            }))
        },
        &[],
    ),
    (
        "codes in marks",
        In::Both,
        |t| {
            bytes(targets(t, |inside| {
                if inside.contains("id=\"1\"") {
                    format!("<mrk id=\"m1\" mtype=\"protected\" type=\"generic\">{inside}</mrk>")
                } else {
                    inside.to_owned()
                }
            }))
        },
        &[],
    ),
    (
        "a variety of the language",
        In::Both,
        |t| bytes(t.replace("\"en\"", "\"en-US\"")),
        &[],
    ),
    (
        "languages with underscores",
        In::Both,
        |t| {
            bytes(
                t.replace("\"en\"", "\"en_US\"")
                    .replace("\"zh-Hans\"", "\"zh_CN\""),
            )
        },
        &[],
    ),
    (
        "the script as a region",
        In::Both,
        |t| bytes(t.replace("\"zh-Hans\"", "\"zh-CN\"")),
        &[],
    ),
    (
        "no target language",
        In::Both,
        |t| {
            bytes(
                t.replace(" target-language=\"en\"", "")
                    .replace(" trgLang=\"en\"", ""),
            )
        },
        &[],
    ),
    (
        "version 2.1",
        In::New,
        |t| bytes(t.replacen("version=\"2.0\"", "version=\"2.1\"", 1)),
        &[],
    ),
    (
        "version 2.2",
        In::New,
        |t| {
            bytes(
                t.replacen("version=\"2.0\"", "version=\"2.2\"", 1)
                    .replacen("document:2.0", "document:2.2", 1),
            )
        },
        &[],
    ),
    (
        "version 1.1",
        In::Old,
        |t| {
            bytes(
                t.replacen("version=\"1.2\"", "version=\"1.1\"", 1)
                    .replacen("document:1.2", "document:1.1", 1),
            )
        },
        &[],
    ),
    (
        "no namespace",
        In::Old,
        |t| bytes(t.replacen(" xmlns=\"urn:oasis:names:tc:xliff:document:1.2\"", "", 1)),
        &[],
    ),
    (
        "a document type",
        In::Old,
        |t| {
            bytes(t.replacen("<xliff", "<!DOCTYPE xliff PUBLIC \"-//XLIFF//DTD XLIFF//EN\" \"http://www.oasis-open.org/committees/xliff/documents/xliff.dtd\">\n<xliff", 1))
        },
        &[],
    ),
    (
        "extensions",
        In::Both,
        |t| {
            bytes(units(t, |_, unit| replace(unit, "(?s)</(trans-unit|unit)>", |found| found[0].to_owned()).replacen(" id=\"s", " xmlns:sdl=\"http://sdl.com/FileTypes/SdlXliff/1.0\" sdl:locked=\"false\" id=\"s", 1)).replacen("<file ", "<file xmlns:okp=\"okapi-framework:xliff-extensions\" okp:inputEncoding=\"UTF-8\" ", 1))
        },
        &[],
    ),
    (
        "elements of a tool",
        In::Old,
        |t| {
            bytes(units(t, |_, unit| {
                unit.replace("</trans-unit>", "<sdl:seg-defs xmlns:sdl=\"urn:sdl\"><sdl:seg id=\"1\" conf=\"Translated\"/></sdl:seg-defs></trans-unit>")
            }))
        },
        &[],
    ),
    (
        "counts and contexts",
        In::Old,
        |t| {
            bytes(units(t, |_, unit| {
                unit.replace("</trans-unit>", "<context-group purpose=\"location\"><context context-type=\"x-file\">rain</context></context-group><count-group name=\"w\"><count count-type=\"word\">3</count></count-group></trans-unit>")
            }))
        },
        &[],
    ),
    (
        "a language for each text",
        In::Both,
        |t| {
            bytes(
                t.replace("<source>", "<source xml:lang=\"zh-CN\">")
                    .replace("<target", "<target xml:lang=\"en-US\""),
            )
        },
        &[],
    ),
    (
        "decomposed letters",
        In::Both,
        |t| bytes(decomposed(t)),
        &[],
    ),
    (
        "blanks between Chinese characters",
        In::Both,
        |t| {
            bytes(replace(t, r"(?s)<source>(.*?)</source>", |found| {
                found[0].replace('，', "， ").replace("思想", "思 想")
            }))
        },
        &[],
    ),
    (
        "sources cut off",
        In::Both,
        |t| {
            bytes(units(t, |at, unit| {
                if at == 10 {
                    unit.replace("共有56家企业。", "共有56家")
                } else {
                    unit.to_owned()
                }
            }))
        },
        &[10],
    ),
    (
        "a source gone",
        In::Both,
        |t| {
            bytes(units(t, |at, unit| {
                if at == 10 {
                    unit.replace("<source>共有56家企业。</source>", "")
                } else {
                    unit.to_owned()
                }
            }))
        },
        &[10],
    ),
    (
        "a source emptied",
        In::Both,
        |t| {
            bytes(units(t, |at, unit| {
                if at == 10 {
                    unit.replace("共有56家企业。", "")
                } else {
                    unit.to_owned()
                }
            }))
        },
        &[10],
    ),
    (
        "an id lost",
        In::Both,
        |t| {
            bytes(units(t, |at, unit| {
                if at == 10 {
                    unit.replacen(" id=\"s10\"", "", 1)
                } else {
                    unit.to_owned()
                }
            }))
        },
        &[10],
    ),
    (
        "an id emptied",
        In::Both,
        |t| {
            bytes(units(t, |at, unit| {
                if at == 10 {
                    unit.replacen("\"s10\"", "\"\"", 1)
                } else {
                    unit.to_owned()
                }
            }))
        },
        &[],
    ),
    (
        "ids swapped",
        In::Both,
        |t| {
            bytes(units(t, |at, unit| match at {
                2 => unit.replacen("\"s2\"", "\"s10\"", 1),
                10 => unit.replacen("\"s10\"", "\"s2\"", 1),
                _ => unit.to_owned(),
            }))
        },
        &[],
    ),
    (
        "blanks that do not break",
        In::Both,
        |t| {
            bytes(
                t.replace("three days", "three\u{a0}days")
                    .replace("The sky", "The\u{a0}sky"),
            )
        },
        &[],
    ),
    (
        "not to be translated",
        In::Both,
        |t| bytes(t.replacen("<file ", "<file translate=\"no\" ", 1)),
        &[],
    ),
    (
        "another datatype and dates",
        In::Old,
        |t| {
            bytes(t.replacen(
                "datatype=\"plaintext\"",
                "datatype=\"x-sdlfilterframework2\" date=\"2026-11-24T10:00:00Z\" build-num=\"1\"",
                1,
            ))
        },
        &[],
    ),
    (
        "all in one group",
        In::Both,
        |t| {
            bytes(replace(
                t,
                r"(?s)</group>\s*<group .*?>(\s*<mda:metadata>.*?</mda:metadata>)?",
                |_| String::new(),
            ))
        },
        &[],
    ),
    (
        "groups in groups",
        In::Both,
        |t| {
            bytes(
                t.replacen("<group ", "<group id=\"all\"><group ", 1)
                    .replacen("</group>", "</group></group>", 1),
            )
        },
        &[],
    ),
];

fn run(bytes: &[u8]) -> Plan {
    let path = Path::new("back.xlf");
    let limits = Limits::default();
    let snapshots = [snapshot()];
    let read = read_returned(path, bytes, &limits).unwrap_or_else(|error| panic!("{error}"));
    let plan = |article: Article, file| {
        merge(
            article,
            &en(),
            &snapshots,
            file,
            read.version,
            &Reviewer::default(),
        )
    };
    let first = plan(article(false), &read.files[0]);
    assert_eq!(
        plan(first.article.clone(), &read.files[0]).article,
        first.article,
        "twice"
    );
    let shared = Arc::new(snapshots[0].clone());
    let against = read_returned_against(path, bytes, &limits, |file| {
        file.export().map(|_| Arc::clone(&shared))
    })
    .unwrap();
    assert_eq!(
        plan(article(false), &against.files[0]),
        first,
        "against the snapshot"
    );
    first
}

fn text_of(article: &Article, at: usize) -> Option<Content> {
    let segment = article.segments().nth(at)?;
    Some(segment.targets.get(&en())?.target.as_ref()?.content.clone())
}

/// How many edits arrived, and what is wrong.
fn judge(plan: &Plan, spoiled: &[usize]) -> (usize, Vec<String>) {
    let (before, after) = (article(false), article(true));
    let mut arrived = 0;
    let mut wrong = Vec::new();
    for at in 0..TEXTS.len() {
        let (old, new) = (text_of(&before, at), text_of(&after, at));
        let now = text_of(&plan.article, at);
        let id = format!("s{}", at + 1);
        let told = plan.rows.iter().any(|row| {
            let about =
                row.id.as_str() == id && (row.class == Class::Missing || !row.message.is_empty());
            row.action == Action::Quarantined || about
        });
        if old == new {
            if now != old {
                wrong.push(format!("{id} became {now:?}"));
            }
        } else if now == new {
            arrived += 1;
        } else if now != old {
            wrong.push(format!("{id} became {now:?}"));
        } else if !spoiled.contains(&(at + 1)) {
            wrong.push(format!("the edit of {id} did not arrive"));
        } else if !told {
            wrong.push(format!("nothing is said about {id}"));
        }
    }
    (arrived, wrong)
}

#[test]
fn edits_survive_every_kind_of_damage() {
    let mut failures = Vec::new();
    let (mut arrived, mut whole) = (0, 0);
    let edits = TEXTS
        .iter()
        .filter(|(_, _, before, after)| before != after)
        .count();
    for (name, versions, damage, spoiled) in KINDS {
        for version in [Version::V1, Version::V2_0] {
            let fits = match versions {
                In::Both => true,
                In::Old => version == Version::V1,
                In::New => version != Version::V1,
            };
            if !fits {
                continue;
            }
            let text = returned(version);
            let bytes = damage(&text);
            if *name != "nothing" && bytes == text.as_bytes() {
                failures.push(format!("{name} ({version:?}): nothing was damaged"));
                continue;
            }
            let result = std::panic::catch_unwind(|| judge(&run(&bytes), spoiled));
            let (came, wrong) = match result {
                Ok(result) => result,
                Err(panic) => {
                    let said = panic.downcast_ref::<String>().cloned().unwrap_or_default();
                    (0, vec![said.chars().take(600).collect()])
                }
            };
            arrived += came;
            whole += edits - spoiled.len();
            failures.extend(
                wrong
                    .iter()
                    .map(|wrong| format!("{name} ({version:?}): {wrong}")),
            );
        }
    }
    assert!(
        failures.is_empty(),
        "{arrived} of {whole} edits arrived\n{}",
        failures.join("\n")
    );
}

/// Several kinds of damage at once: what arrives is right, and nearly all arrives.
#[test]
fn damage_on_damage_pairs_nothing_wrongly() {
    let edits: Vec<usize> = (0..TEXTS.len())
        .filter(|&at| TEXTS[at].2 != TEXTS[at].3)
        .collect();
    let (mut arrived, mut whole) = (0, 0);
    let mut failures = Vec::new();
    // Multiplication by numbers without a common factor goes through the kinds in a mixed order.
    for round in 0..220_usize {
        let version = if round % 2 == 0 {
            Version::V1
        } else {
            Version::V2_0
        };
        let chosen = [round * 7 + 1, round * 31 + 5, round * 53 + 11];
        let mut text = returned(version);
        let mut names = Vec::new();
        let mut spoiled = Vec::new();
        let mut recoded = None;
        for at in chosen {
            let (name, versions, damage, lost) = KINDS[at % KINDS.len()];
            let fits = match versions {
                In::Both => true,
                In::Old => version == Version::V1,
                In::New => version != Version::V1,
            };
            // A legacy encoding needs the declaration that others take away.
            if !fits || names.contains(&name) || name == "GB18030" {
                continue;
            }
            names.push(name);
            spoiled.extend_from_slice(lost);
            let bytes = damage(&text);
            match String::from_utf8(bytes) {
                Ok(damaged) => text = damaged,
                // Another encoding comes last.
                Err(error) => {
                    recoded = Some(error.into_bytes());
                    break;
                }
            }
        }
        let bytes = recoded.unwrap_or_else(|| text.into_bytes());
        let result = std::panic::catch_unwind(|| judge(&run(&bytes), &spoiled));
        let (came, wrong) = match result {
            Ok(result) => result,
            Err(panic) => {
                let said = panic.downcast_ref::<String>().cloned().unwrap_or_default();
                (
                    0,
                    vec![format!(
                        "panic: {}",
                        said.chars().take(600).collect::<String>()
                    )],
                )
            }
        };
        arrived += came;
        whole += edits
            .iter()
            .filter(|at| !spoiled.contains(&(*at + 1)))
            .count();
        failures.extend(
            wrong
                .iter()
                .map(|wrong| format!("{names:?} ({version:?}): {wrong}")),
        );
    }
    failures.retain(|failure| !failure.contains("did not arrive"));
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(
        arrived * 100 >= whole * 97,
        "{arrived} of {whole} edits arrived"
    );
}

#[test]
fn a_file_that_was_cut_off_is_refused_with_its_line() {
    for version in [Version::V1, Version::V2_0] {
        let text = returned(version);
        for tenth in 1..10 {
            let cut = &text.as_bytes()[..text.len() * tenth / 10];
            let error = read_returned(Path::new("back.xlf"), cut, &Limits::default()).unwrap_err();
            let said = error.to_string();
            assert!(said.starts_with("back.xlf:"), "{said}");
        }
    }
}
