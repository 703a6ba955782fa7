//! A small language for structure: which attributes and children an element has.

/// What an attribute's value may be.
#[derive(Clone, Copy)]
pub(super) enum Value {
    Any,
    Nmtoken,
    Nmtokens,
    YesNo,
    YesNoFirst,
    Lang,
    Dir,
    /// A whole number from the first to the second.
    Integer(u64, u64),
    /// A decimal of 0 to 100.
    Percent,
    OneOf(&'static [&'static str]),
    /// One of the standard's values, or `prefix:value`.
    OneOfOrOwn(&'static [&'static str]),
    /// `prefix:value`.
    Own,
    /// One of these, or `x-` and a name (1.2).
    OneOfOrX(&'static [&'static str]),
    Fixed(&'static str),
}

/// An attribute without a namespace, or `xml:…`.
pub(super) struct AttrRule {
    pub(super) name: &'static str,
    pub(super) value: Value,
    pub(super) required: bool,
}

pub(super) const fn opt(name: &'static str, value: Value) -> AttrRule {
    AttrRule {
        name,
        value,
        required: false,
    }
}

pub(super) const fn req(name: &'static str, value: Value) -> AttrRule {
    AttrRule {
        name,
        value,
        required: true,
    }
}

/// Which attributes of other namespaces an element may have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Foreign {
    /// None.
    No,
    /// Those of XLIFF's own modules.
    Modules,
    /// Any.
    Any,
}

/// A step of a sequence: one of `names`, at least `min` and at most `max` times. `*` is any
/// element of another namespace.
pub(super) struct Step {
    pub(super) names: &'static [&'static str],
    pub(super) min: usize,
    pub(super) max: usize,
}

pub(super) const fn one(names: &'static [&'static str]) -> Step {
    Step {
        names,
        min: 1,
        max: 1,
    }
}

pub(super) const fn maybe(names: &'static [&'static str]) -> Step {
    Step {
        names,
        min: 0,
        max: 1,
    }
}

pub(super) const fn many(names: &'static [&'static str]) -> Step {
    Step {
        names,
        min: 0,
        max: usize::MAX,
    }
}

pub(super) const fn some(names: &'static [&'static str]) -> Step {
    Step {
        names,
        min: 1,
        max: usize::MAX,
    }
}

/// What an element holds.
pub(super) enum Holds {
    /// Elements in this order.
    Sequence(&'static [Step]),
    /// Text, and these elements anywhere in it.
    Mixed(&'static [&'static str]),
    /// Anything.
    Anything,
    /// Nothing.
    Nothing,
}

pub(super) struct ElementRule {
    pub(super) name: &'static str,
    pub(super) attrs: &'static [AttrRule],
    pub(super) foreign: Foreign,
    pub(super) holds: Holds,
}

/// What a table knows of an element.
pub(super) enum Found {
    Rule(&'static ElementRule),
    /// The namespace is known, but has no such element.
    NoSuch,
    /// The namespace is none of the standard's.
    Extension,
}
