//! From bytes to text.

mod detect;

use std::borrow::Cow;

use encoding_rs::{Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

use self::detect::Guess;
use super::IngestError;
use crate::model::Lang;

/// How much of a file detection looks at: enough for any statistics, and bounded.
const SAMPLE: usize = 1 << 20;

/// Decodes `bytes`; gives the text and the WHATWG name of the encoding.
///
/// In this order: what the caller asks for, a byte order mark, valid UTF-8, UTF-16 without a mark
/// (told by its zero bytes and its blanks), detection for text in `lang`. A byte sequence that the
/// encoding does not know is an error, never a replacement character; so is text that is UTF-8 in
/// one place and not in another.
pub(super) fn decode<'a>(
    path: &str,
    bytes: &'a [u8],
    label: Option<&str>,
    lang: Option<&Lang>,
) -> Result<(Cow<'a, str>, &'static str), IngestError> {
    if let Some(label) = label {
        let encoding =
            Encoding::for_label(label.as_bytes()).ok_or_else(|| IngestError::UnknownEncoding {
                path: path.to_owned(),
                label: label.to_owned(),
            })?;
        return decode_as(path, bytes, encoding);
    }
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return decode_as(path, bytes, encoding);
    }
    let invalid = match std::str::from_utf8(bytes) {
        Ok(text) => {
            return match bytes.iter().position(|&byte| byte == 0) {
                None => Ok((Cow::Borrowed(text), UTF_8.name())),
                Some(at) => match utf16_without_mark(bytes) {
                    Some(encoding) => decode_as(path, bytes, encoding),
                    None => Err(IngestError::Binary {
                        path: path.to_owned(),
                        line: line_of(bytes, at),
                    }),
                },
            };
        }
        Err(error) => {
            // Cut off in the midst of its last character.
            let before = &bytes[..error.valid_up_to()];
            if error.error_len().is_none() && std::str::from_utf8(before).is_ok_and(has_han) {
                return Err(invalid_encoding(path, bytes, UTF_8, before.len()));
            }
            error.valid_up_to()
        }
    };
    if let Some(encoding) = utf16_without_mark(bytes) {
        return decode_as(path, bytes, encoding);
    }
    if is_mostly_utf8(bytes) {
        return Err(invalid_encoding(path, bytes, UTF_8, invalid));
    }
    match detect::guess(bytes, lang) {
        Guess::Sure(encoding) => {
            if let Some(offset) = utf8_within(bytes) {
                return Err(IngestError::MixedEncodings {
                    path: path.to_owned(),
                    encoding: encoding.name().to_owned(),
                    line: line_of(bytes, offset),
                    offset,
                });
            }
            decode_as(path, bytes, encoding)
        }
        Guess::Broken(encoding, offset) => match utf8_within(bytes) {
            Some(offset) => Err(IngestError::MixedEncodings {
                path: path.to_owned(),
                encoding: encoding.name().to_owned(),
                line: line_of(bytes, offset),
                offset,
            }),
            None => Err(invalid_encoding(path, bytes, encoding, offset)),
        },
        Guess::Unlikely(encoding) => Err(IngestError::UnlikelyEncoding {
            path: path.to_owned(),
            encoding: encoding.name().to_owned(),
            line: line_of(bytes, invalid),
            offset: invalid,
        }),
    }
}

fn has_han(text: &str) -> bool {
    text.chars().any(is_han)
}

fn is_han(c: char) -> bool {
    ('\u{3000}'..'\u{a000}').contains(&c)
}

/// Where in a text that is not UTF-8 a stretch begins that is: so many Chinese characters in a row
/// are not formed by chance.
fn utf8_within(bytes: &[u8]) -> Option<usize> {
    const LEAST: usize = 5;
    let mut at = 0;
    for chunk in bytes.utf8_chunks() {
        let mut row = 0;
        let mut start = at;
        for (i, c) in chunk.valid().char_indices() {
            if is_han(c) || matches!(c, '\u{2010}'..'\u{2040}' | '\u{ff00}'..'\u{fff0}') {
                row += 1;
            } else {
                row = 0;
                start = at + i + c.len_utf8();
            }
            if row == LEAST {
                return Some(start);
            }
        }
        at += chunk.valid().len() + chunk.invalid().len();
    }
    None
}

fn decode_as<'a>(
    path: &str,
    bytes: &'a [u8],
    encoding: &'static Encoding,
) -> Result<(Cow<'a, str>, &'static str), IngestError> {
    let body = match Encoding::for_bom(bytes) {
        Some((marked, length)) if marked == encoding => &bytes[length..],
        _ => bytes,
    };
    match encoding.decode_without_bom_handling_and_without_replacement(body) {
        Some(text) if text.contains('\0') => Err(IngestError::Binary {
            path: path.to_owned(),
            line: text
                .chars()
                .take_while(|&c| c != '\0')
                .filter(|&c| c == '\n')
                .count()
                + 1,
        }),
        Some(text) => Ok((text, encoding.name())),
        None => {
            let good = valid_prefix(encoding, body);
            Err(invalid_encoding(
                path,
                bytes,
                encoding,
                bytes.len() - body.len() + good,
            ))
        }
    }
}

fn invalid_encoding(
    path: &str,
    bytes: &[u8],
    encoding: &'static Encoding,
    offset: usize,
) -> IngestError {
    IngestError::InvalidEncoding {
        path: path.to_owned(),
        encoding: encoding.name().to_owned(),
        line: line_of(bytes, offset),
        offset,
    }
}

fn line_of(bytes: &[u8], offset: usize) -> usize {
    let end = offset.min(bytes.len());
    bytes[..end].split(|&byte| byte == b'\n').count()
}

/// The length of the longest prefix that decodes, in bytes.
fn valid_prefix(encoding: &'static Encoding, bytes: &[u8]) -> usize {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut output = [0_u8; 4096];
    let mut read = 0;
    loop {
        let (result, consumed, _) =
            decoder.decode_to_utf8_without_replacement(&bytes[read..], &mut output, true);
        read += consumed;
        match result {
            encoding_rs::DecoderResult::OutputFull => {}
            encoding_rs::DecoderResult::InputEmpty => return read,
            encoding_rs::DecoderResult::Malformed(bad, after) => {
                return read.saturating_sub(usize::from(bad) + usize::from(after));
            }
        }
    }
}

/// UTF-16 text without a byte order mark: the high bytes of its units are those of ASCII, of Han
/// characters and of their marks, always on the same side; and line ends have a zero byte.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(SAMPLE) & !1];
    let usual = |high: u8| matches!(high, 0 | 0x20 | 0x30 | 0x4e..=0x9f | 0xff);
    let (mut little, mut big, mut zeros) = (0_usize, 0_usize, 0_usize);
    for pair in sample.chunks_exact(2) {
        little += usize::from(usual(pair[1]));
        big += usize::from(usual(pair[0]));
        zeros += usize::from(pair.contains(&0));
    }
    let all = sample.len() / 2;
    let most = |count: usize| zeros > 0 && 10 * count >= 9 * all;
    match (little, big) {
        (l, b) if most(l) && 3 * l > 4 * b => Some(UTF_16LE),
        (l, b) if most(b) && 3 * b > 4 * l => Some(UTF_16BE),
        _ => None,
    }
}

/// Whether the file is UTF-8 with a few bad bytes rather than another encoding: nearly all of its
/// long sequences are well formed, or, in a short text, most are and they spell Chinese. Text of
/// another encoding forms hardly any such sequence by chance.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let (mut good, mut han, mut bad) = (0_usize, 0_usize, 0_usize);
    for chunk in sample.utf8_chunks() {
        let long = chunk.valid().chars().filter(|c| c.len_utf8() > 2);
        for c in long {
            good += 1;
            han += usize::from(is_han(c));
        }
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > 20 * bad || (han >= 2 && han >= 2 * bad && 10 * han > 9 * good)
}

/// The encoding that a web page or an XML file declares in its first kilobyte, if it has no byte
/// order mark and what it declares exists.
pub(super) fn declared(bytes: &[u8]) -> Option<String> {
    if Encoding::for_bom(bytes).is_some() {
        return None;
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_ascii_lowercase();
    let at = ["charset=", "encoding="]
        .iter()
        .filter_map(|key| head.find(key).map(|at| at + key.len()))
        .min()?;
    let label: String = head[at..]
        .trim_start_matches(['"', '\''])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.'))
        .collect();
    let encoding = Encoding::for_label(label.as_bytes())?;
    // Pages say GB 2312 and use characters of GB 18030; many say UTF-8 and are not, and many that
    // are say what they were before they were converted.
    match std::str::from_utf8(bytes) {
        Ok(text) if encoding != UTF_8 && (has_han(text) || encoding.is_single_byte()) => {
            return None;
        }
        Err(_) if encoding == UTF_8 => return None,
        _ => {}
    }
    let encoding = if encoding == GBK { GB18030 } else { encoding };
    Some(encoding.name().to_owned())
}
