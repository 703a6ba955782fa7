//! Fragment identifiers of XLIFF 2 (section 4.9): `#f=f1/u=u1/n=n1`, `#m1`.

use crate::xml::is_nmtoken;

/// A fragment identifier, taken apart.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Fragment<'a> {
    pub(super) file: Option<&'a str>,
    pub(super) group: Option<&'a str>,
    pub(super) unit: Option<&'a str>,
    /// Prefix (empty for a segment or a code in a source) and id.
    pub(super) leaf: Option<(&'a str, &'a str)>,
}

/// Prefixes of the standard's modules, and those registered for extensions.
const PREFIXES: &[&str] = &[
    "n", "d", "t", "gls", "mtc", "res", "mda", "ctr", "slr", "val", "fs", "its", "itsm", "pgs",
    "tbx",
];

/// Takes apart what follows `#`, or says what is wrong with it.
pub(super) fn parse(text: &str) -> Result<Fragment<'_>, String> {
    let mut fragment = Fragment::default();
    let mut reached = 0;
    for selector in text.strip_prefix('/').unwrap_or(text).split('/') {
        let (prefix, id) = selector.split_once('=').unwrap_or(("", selector));
        let step = match prefix {
            "f" => 1,
            "g" => 2,
            "u" => 3,
            _ => 4,
        };
        if !is_nmtoken(id) {
            return Err(format!("{id:?} is no id"));
        }
        if step <= reached {
            return Err(format!("{selector:?} can't follow what stands before it"));
        }
        reached = step;
        match step {
            1 => fragment.file = Some(id),
            2 => fragment.group = Some(id),
            3 => fragment.unit = Some(id),
            _ if !prefix.is_empty() && !PREFIXES.contains(&prefix) => {
                return Err(format!("the prefix {prefix:?} is not registered"));
            }
            _ => fragment.leaf = Some((prefix, id)),
        }
    }
    Ok(fragment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_prefixes_and_ids_are_checked() {
        let parsed = parse("/f=f1/u=u1/n=n1").unwrap();
        assert_eq!((parsed.file, parsed.unit), (Some("f1"), Some("u1")));
        assert_eq!(parsed.leaf, Some(("n", "n1")));
        assert_eq!(parse("m1").unwrap().leaf, Some(("", "m1")));
        for bad in [
            "u=1/f=1", "u=1/u=2", "d=1/u=1", "a/b", "zz=1", "n/n1", "", "n=",
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
