//! The structure of XLIFF 2.x: the core and its modules (XLIFF 2.1, sections 4.2 and 5).

use super::schema::{ElementRule, Foreign, Found, Holds, Value, many, maybe, one, opt, req, some};

const MAX: u64 = u64::MAX;
const STATES: &[&str] = &["initial", "translated", "reviewed", "final"];
const CODE_TYPES: &[&str] = &["fmt", "ui", "quote", "link", "image", "other"];
const INLINE: &[&str] = &["cp", "ph", "pc", "sc", "ec", "mrk", "sm", "em"];

const fn rule(
    name: &'static str,
    attrs: &'static [super::schema::AttrRule],
    foreign: Foreign,
    holds: Holds,
) -> ElementRule {
    ElementRule {
        name,
        attrs,
        foreign,
        holds,
    }
}

pub(super) const CORE: &[ElementRule] = &[
    rule(
        "xliff",
        &[
            req("version", Value::Any),
            req("srcLang", Value::Lang),
            opt("trgLang", Value::Lang),
            opt("xml:space", Value::OneOf(&["default", "preserve"])),
        ],
        Foreign::Any,
        Holds::Sequence(&[some(&["file"])]),
    ),
    rule(
        "file",
        &[
            req("id", Value::Nmtoken),
            opt("canResegment", Value::YesNo),
            opt("original", Value::Any),
            opt("translate", Value::YesNo),
            opt("srcDir", Value::Dir),
            opt("trgDir", Value::Dir),
            opt("xml:space", Value::OneOf(&["default", "preserve"])),
        ],
        Foreign::Any,
        Holds::Sequence(&[
            maybe(&["skeleton"]),
            many(&["*"]),
            maybe(&["notes"]),
            some(&["unit", "group"]),
        ]),
    ),
    rule(
        "skeleton",
        &[opt("href", Value::Any)],
        Foreign::No,
        Holds::Anything,
    ),
    rule(
        "group",
        GROUP,
        Foreign::Any,
        Holds::Sequence(&[many(&["*"]), maybe(&["notes"]), many(&["unit", "group"])]),
    ),
    rule(
        "unit",
        GROUP,
        Foreign::Any,
        Holds::Sequence(&[
            many(&["*"]),
            maybe(&["notes"]),
            maybe(&["originalData"]),
            some(&["segment", "ignorable"]),
        ]),
    ),
    rule(
        "segment",
        &[
            opt("id", Value::Nmtoken),
            opt("canResegment", Value::YesNo),
            opt("state", Value::OneOf(STATES)),
            opt("subState", Value::Own),
        ],
        Foreign::No,
        Holds::Sequence(&[one(&["source"]), maybe(&["target"])]),
    ),
    rule(
        "ignorable",
        &[opt("id", Value::Nmtoken)],
        Foreign::No,
        Holds::Sequence(&[one(&["source"]), maybe(&["target"])]),
    ),
    rule(
        "notes",
        &[],
        Foreign::No,
        Holds::Sequence(&[some(&["note"])]),
    ),
    rule(
        "note",
        &[
            opt("id", Value::Nmtoken),
            opt("appliesTo", Value::OneOf(&["source", "target"])),
            opt("category", Value::Any),
            opt("priority", Value::Integer(1, 10)),
            opt("ref", Value::Any),
        ],
        Foreign::Any,
        Holds::Mixed(&[]),
    ),
    rule(
        "originalData",
        &[],
        Foreign::No,
        Holds::Sequence(&[some(&["data"])]),
    ),
    rule(
        "data",
        &[
            req("id", Value::Nmtoken),
            opt("dir", Value::Dir),
            opt("xml:space", Value::Fixed("preserve")),
        ],
        Foreign::No,
        Holds::Mixed(&["cp"]),
    ),
    rule(
        "source",
        &[
            opt("xml:lang", Value::Lang),
            opt("xml:space", Value::OneOf(&["default", "preserve"])),
        ],
        Foreign::No,
        Holds::Mixed(INLINE),
    ),
    rule(
        "target",
        &[
            opt("xml:lang", Value::Lang),
            opt("xml:space", Value::OneOf(&["default", "preserve"])),
            opt("order", Value::Integer(1, MAX)),
        ],
        Foreign::No,
        Holds::Mixed(INLINE),
    ),
    rule("cp", &[req("hex", Value::Any)], Foreign::No, Holds::Nothing),
    rule(
        "ph",
        &[
            req("id", Value::Nmtoken),
            opt("canCopy", Value::YesNo),
            opt("canDelete", Value::YesNo),
            opt("canReorder", Value::YesNoFirst),
            opt("copyOf", Value::Nmtoken),
            opt("disp", Value::Any),
            opt("equiv", Value::Any),
            opt("dataRef", Value::Nmtoken),
            opt("subFlows", Value::Nmtokens),
            opt("subType", Value::Own),
            opt("type", Value::OneOf(CODE_TYPES)),
        ],
        Foreign::Modules,
        Holds::Nothing,
    ),
    rule(
        "pc",
        &[
            req("id", Value::Nmtoken),
            opt("canCopy", Value::YesNo),
            opt("canDelete", Value::YesNo),
            opt("canOverlap", Value::YesNo),
            opt("canReorder", Value::YesNoFirst),
            opt("copyOf", Value::Nmtoken),
            opt("dispEnd", Value::Any),
            opt("dispStart", Value::Any),
            opt("equivEnd", Value::Any),
            opt("equivStart", Value::Any),
            opt("dataRefEnd", Value::Nmtoken),
            opt("dataRefStart", Value::Nmtoken),
            opt("subFlowsEnd", Value::Nmtokens),
            opt("subFlowsStart", Value::Nmtokens),
            opt("subType", Value::Own),
            opt("type", Value::OneOf(CODE_TYPES)),
            opt("dir", Value::Dir),
        ],
        Foreign::Modules,
        Holds::Mixed(INLINE),
    ),
    rule(
        "sc",
        &[
            req("id", Value::Nmtoken),
            opt("canCopy", Value::YesNo),
            opt("canDelete", Value::YesNo),
            opt("canOverlap", Value::YesNo),
            opt("canReorder", Value::YesNoFirst),
            opt("copyOf", Value::Nmtoken),
            opt("dataRef", Value::Nmtoken),
            opt("dir", Value::Dir),
            opt("disp", Value::Any),
            opt("equiv", Value::Any),
            opt("isolated", Value::YesNo),
            opt("subFlows", Value::Nmtokens),
            opt("subType", Value::Own),
            opt("type", Value::OneOf(CODE_TYPES)),
        ],
        Foreign::Modules,
        Holds::Nothing,
    ),
    rule(
        "ec",
        &[
            opt("id", Value::Nmtoken),
            opt("canCopy", Value::YesNo),
            opt("canDelete", Value::YesNo),
            opt("canOverlap", Value::YesNo),
            opt("canReorder", Value::YesNoFirst),
            opt("copyOf", Value::Nmtoken),
            opt("dataRef", Value::Nmtoken),
            opt("dir", Value::Dir),
            opt("disp", Value::Any),
            opt("equiv", Value::Any),
            opt("isolated", Value::YesNo),
            opt("startRef", Value::Nmtoken),
            opt("subFlows", Value::Nmtokens),
            opt("subType", Value::Own),
            opt("type", Value::OneOf(CODE_TYPES)),
        ],
        Foreign::Modules,
        Holds::Nothing,
    ),
    rule("mrk", MARK, Foreign::Any, Holds::Mixed(INLINE)),
    rule("sm", MARK, Foreign::Any, Holds::Nothing),
    rule(
        "em",
        &[req("startRef", Value::Nmtoken)],
        Foreign::No,
        Holds::Nothing,
    ),
];

const GROUP: &[super::schema::AttrRule] = &[
    req("id", Value::Nmtoken),
    opt("name", Value::Any),
    opt("canResegment", Value::YesNo),
    opt("translate", Value::YesNo),
    opt("srcDir", Value::Dir),
    opt("trgDir", Value::Dir),
    opt("type", Value::Own),
    opt("xml:space", Value::OneOf(&["default", "preserve"])),
];

const MARK: &[super::schema::AttrRule] = &[
    req("id", Value::Nmtoken),
    opt("translate", Value::YesNo),
    opt("type", Value::OneOfOrOwn(&["generic", "comment", "term"])),
    opt("ref", Value::Any),
    opt("value", Value::Any),
];

const MATCH_TYPES: &[&str] = &["am", "mt", "icm", "idm", "tb", "tm", "other"];

pub(super) const MATCHES: &[ElementRule] = &[
    rule(
        "matches",
        &[],
        Foreign::No,
        Holds::Sequence(&[some(&["match"])]),
    ),
    rule(
        "match",
        &[
            opt("id", Value::Nmtoken),
            opt("matchQuality", Value::Percent),
            opt("matchSuitability", Value::Percent),
            opt("origin", Value::Any),
            req("ref", Value::Any),
            opt("reference", Value::YesNo),
            opt("similarity", Value::Percent),
            opt("subType", Value::Own),
            opt("type", Value::OneOf(MATCH_TYPES)),
        ],
        Foreign::Any,
        Holds::Sequence(&[
            maybe(&["mda:metadata"]),
            maybe(&["core:originalData"]),
            one(&["core:source"]),
            one(&["core:target"]),
            many(&["*"]),
        ]),
    ),
];

pub(super) const GLOSSARY: &[ElementRule] = &[
    rule(
        "glossary",
        &[],
        Foreign::No,
        Holds::Sequence(&[some(&["glossEntry"])]),
    ),
    rule(
        "glossEntry",
        &[opt("id", Value::Nmtoken), opt("ref", Value::Any)],
        Foreign::Any,
        Holds::Sequence(&[
            one(&["term"]),
            many(&["translation"]),
            maybe(&["definition"]),
            many(&["*"]),
        ]),
    ),
    rule(
        "term",
        &[opt("source", Value::Any)],
        Foreign::Any,
        Holds::Mixed(&[]),
    ),
    rule(
        "translation",
        &[
            opt("id", Value::Nmtoken),
            opt("ref", Value::Any),
            opt("source", Value::Any),
        ],
        Foreign::Any,
        Holds::Mixed(&[]),
    ),
    rule(
        "definition",
        &[opt("source", Value::Any)],
        Foreign::Any,
        Holds::Mixed(&[]),
    ),
];

pub(super) const METADATA: &[ElementRule] = &[
    rule(
        "metadata",
        &[opt("id", Value::Nmtoken)],
        Foreign::No,
        Holds::Sequence(&[some(&["metaGroup"])]),
    ),
    rule(
        "metaGroup",
        &[
            opt("id", Value::Nmtoken),
            opt("category", Value::Any),
            opt(
                "appliesTo",
                Value::OneOf(&["source", "target", "ignorable"]),
            ),
        ],
        Foreign::No,
        Holds::Sequence(&[some(&["metaGroup", "meta"])]),
    ),
    rule(
        "meta",
        &[req("type", Value::Any)],
        Foreign::No,
        Holds::Mixed(&[]),
    ),
];

pub(super) const RESOURCE_DATA: &[ElementRule] = &[
    rule(
        "resourceData",
        &[],
        Foreign::No,
        Holds::Sequence(&[many(&["resourceItemRef"]), many(&["resourceItem"])]),
    ),
    rule(
        "resourceItemRef",
        &[opt("id", Value::Nmtoken), req("ref", Value::Nmtoken)],
        Foreign::Any,
        Holds::Nothing,
    ),
    rule(
        "resourceItem",
        &[
            opt("mimeType", Value::Any),
            opt("id", Value::Nmtoken),
            opt("context", Value::YesNo),
        ],
        Foreign::Any,
        Holds::Sequence(&[maybe(&["source"]), maybe(&["target"]), many(&["reference"])]),
    ),
    rule(
        "source",
        &[opt("href", Value::Any), opt("xml:lang", Value::Lang)],
        Foreign::Any,
        Holds::Anything,
    ),
    rule(
        "target",
        &[opt("href", Value::Any), opt("xml:lang", Value::Lang)],
        Foreign::Any,
        Holds::Anything,
    ),
    rule(
        "reference",
        &[req("href", Value::Any), opt("xml:lang", Value::Lang)],
        Foreign::Any,
        Holds::Nothing,
    ),
];

pub(super) const SIZE_RESTRICTION: &[ElementRule] = &[
    rule(
        "profiles",
        &[
            opt("generalProfile", Value::Any),
            opt("storageProfile", Value::Any),
        ],
        Foreign::No,
        Holds::Sequence(&[maybe(&["normalization"]), many(&["*"])]),
    ),
    rule(
        "normalization",
        &[
            opt("general", Value::OneOf(&["none", "nfc", "nfd"])),
            opt("storage", Value::OneOf(&["none", "nfc", "nfd"])),
        ],
        Foreign::No,
        Holds::Nothing,
    ),
    rule(
        "data",
        &[req("profile", Value::Any)],
        Foreign::Any,
        Holds::Anything,
    ),
];

pub(super) const VALIDATION: &[ElementRule] = &[
    rule(
        "validation",
        &[],
        Foreign::Any,
        Holds::Sequence(&[some(&["rule"])]),
    ),
    rule(
        "rule",
        &[
            opt("isPresent", Value::Any),
            opt("occurs", Value::Integer(1, MAX)),
            opt("isNotPresent", Value::Any),
            opt("startsWith", Value::Any),
            opt("endsWith", Value::Any),
            opt("existsInSource", Value::YesNo),
            opt("caseSensitive", Value::YesNo),
            opt("normalization", Value::OneOf(&["none", "nfc", "nfd"])),
            opt("disabled", Value::YesNo),
        ],
        Foreign::Any,
        Holds::Nothing,
    ),
];

/// The root of 2.2, which has notes and modules of its own.
const ROOT_2_2: ElementRule = rule(
    "xliff",
    &[
        req("version", Value::Any),
        req("srcLang", Value::Lang),
        opt("trgLang", Value::Lang),
        opt("xml:space", Value::OneOf(&["default", "preserve"])),
    ],
    Foreign::Any,
    Holds::Sequence(&[many(&["*"]), maybe(&["notes"]), some(&["file"])]),
);

/// The rule of an element of XLIFF 2.x.
pub(super) fn find(namespace: &str, local: &str) -> Found {
    let table = match namespace {
        "urn:oasis:names:tc:xliff:document:2.2" if local == "xliff" => {
            return Found::Rule(&ROOT_2_2);
        }
        "urn:oasis:names:tc:xliff:document:2.0" | "urn:oasis:names:tc:xliff:document:2.2" => CORE,
        "urn:oasis:names:tc:xliff:matches:2.0" => MATCHES,
        "urn:oasis:names:tc:xliff:glossary:2.0" => GLOSSARY,
        "urn:oasis:names:tc:xliff:metadata:2.0" => METADATA,
        "urn:oasis:names:tc:xliff:resourcedata:2.0" => RESOURCE_DATA,
        "urn:oasis:names:tc:xliff:sizerestriction:2.0" => SIZE_RESTRICTION,
        "urn:oasis:names:tc:xliff:validation:2.0" => VALIDATION,
        _ => return Found::Extension,
    };
    let rule = table.iter().find(|rule| rule.name == local);
    rule.map_or(Found::NoSuch, Found::Rule)
}
