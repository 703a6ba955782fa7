//! From bytes to text: byte order marks, UTF-16, declared encodings.

use std::borrow::Cow;

use super::error::{Fault, Problem};

/// How much of a stranger's file is read before it is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The size of a file in bytes.
    pub bytes: usize,
    /// How deep elements may be nested.
    pub depth: usize,
    /// How many attributes an element may have.
    pub attributes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 512 << 20,
            depth: 100,
            attributes: 200,
        }
    }
}

/// The text of an XML file without its byte order mark. UTF-8 is borrowed; UTF-16 and the legacy
/// encodings that an XML declaration can name are decoded.
pub(crate) fn decode<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Cow<'a, str>, Fault> {
    if bytes.len() > limits.bytes {
        let (size, limit) = (bytes.len(), limits.bytes);
        return Err(Fault::new(0, Problem::Size { size, limit }));
    }
    let (encoding, start) = match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, length),
        None if bytes.starts_with(b"<\0") => (encoding_rs::UTF_16LE, 0),
        None if bytes.starts_with(b"\0<") => (encoding_rs::UTF_16BE, 0),
        None => (declared(bytes)?, 0),
    };
    let body = &bytes[start..];
    if encoding == encoding_rs::UTF_8 {
        return match std::str::from_utf8(body) {
            Ok(text) => Ok(Cow::Borrowed(text)),
            Err(error) => Err(Fault::new(
                error.valid_up_to(),
                Problem::Encoding("UTF-8".to_owned()),
            )),
        };
    }
    encoding
        .decode_without_bom_handling_and_without_replacement(body)
        .ok_or_else(|| Fault::new(0, Problem::Encoding(encoding.name().to_owned())))
}

/// The encoding that the XML declaration names; UTF-8 without one.
fn declared(bytes: &[u8]) -> Result<&'static encoding_rs::Encoding, Fault> {
    let head = &bytes[..bytes.len().min(200)];
    let Some(end) = head
        .starts_with(b"<?xml")
        .then(|| head.windows(2).position(|pair| pair == b"?>"))
        .flatten()
    else {
        return Ok(encoding_rs::UTF_8);
    };
    let declaration = String::from_utf8_lossy(&head[..end]);
    let Some((_, rest)) = declaration.split_once("encoding") else {
        return Ok(encoding_rs::UTF_8);
    };
    let value = rest.trim_start().trim_start_matches('=').trim_start();
    let name = value
        .chars()
        .next()
        .filter(|quote| matches!(quote, '"' | '\''))
        .and_then(|quote| value[1..].split(quote).next())
        .unwrap_or_default();
    match encoding_rs::Encoding::for_label(name.as_bytes()) {
        // A file that says UTF-16 in bytes that are not was saved anew by a careless editor.
        Some(encoding)
            if encoding == encoding_rs::UTF_16LE || encoding == encoding_rs::UTF_16BE =>
        {
            Ok(encoding_rs::UTF_8)
        }
        Some(encoding) => Ok(encoding),
        None => Err(Fault::new(0, Problem::UnknownEncoding(name.to_owned()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_told_by_mark_and_declaration() {
        let limits = Limits::default();
        let text = "<a>谈解放</a>";
        let read = |bytes: &[u8]| decode(bytes, &limits).map(Cow::into_owned);
        assert_eq!(read(text.as_bytes()).unwrap(), text);
        let mut marked = vec![0xEF, 0xBB, 0xBF];
        marked.extend(text.as_bytes());
        assert_eq!(read(&marked).unwrap(), text);
        for big in [false, true] {
            for mark in [false, true] {
                let units = mark
                    .then_some(0xFEFF)
                    .into_iter()
                    .chain(text.encode_utf16());
                let bytes: Vec<u8> = units
                    .flat_map(|unit| {
                        if big {
                            unit.to_be_bytes()
                        } else {
                            unit.to_le_bytes()
                        }
                    })
                    .collect();
                assert_eq!(read(&bytes).unwrap(), text);
            }
        }
        let (gbk, ..) = encoding_rs::GBK.encode("<?xml version='1.0' encoding='gbk'?><a>谈</a>");
        assert!(read(&gbk).unwrap().ends_with("<a>谈</a>"));
    }

    #[test]
    fn what_is_not_text_is_refused() {
        let small = Limits {
            bytes: 4,
            ..Limits::default()
        };
        let problem = |bytes: &[u8], limits: &Limits| decode(bytes, limits).unwrap_err().problem;
        assert_eq!(
            problem(b"<a></a>", &small),
            Problem::Size { size: 7, limit: 4 }
        );
        let limits = Limits::default();
        assert!(matches!(
            problem(b"<a>\xFF</a>", &limits),
            Problem::Encoding(_)
        ));
        assert!(matches!(
            problem(b"<?xml version='1.0' encoding='klingon'?><a/>", &limits),
            Problem::UnknownEncoding(_)
        ));
    }
}
