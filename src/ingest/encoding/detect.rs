//! Guessing a legacy encoding.

use encoding_rs::{BIG5, EUC_KR, Encoding, GB18030, GBK, SHIFT_JIS};

use super::{SAMPLE, valid_prefix};
use crate::model::Lang;

/// What the bytes seem to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guess {
    /// Text in this encoding.
    Sure(&'static Encoding),
    /// Text in this encoding, but for some bytes: the first stands here.
    Broken(&'static Encoding, usize),
    /// Text in this encoding by its bytes, but then it is not in the language that it should be in.
    Unlikely(&'static Encoding),
}

/// Below so many characters of two bytes, statistics say little and the language decides.
const FEW: usize = 24;

/// Guesses the encoding of text in `lang`. `chardetng` decides between encodings; for Chinese text
/// its guess must give Chinese.
pub(super) fn guess(bytes: &[u8], lang: Option<&Lang>) -> Guess {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
    detector.feed(sample, sample.len() == bytes.len());
    // GB18030 is a superset of GBK: it reads all that GBK reads.
    let widened = |guess| if guess == GBK { GB18030 } else { guess };
    let ask =
        |domain: Option<&[u8]>| widened(detector.guess(domain, chardetng::Utf8Detection::Deny));
    let decodes = |encoding: &'static Encoding| valid_prefix(encoding, sample) + 4 >= sample.len();
    let plain = ask(None);
    let Some(lang) = lang else {
        return Guess::Sure(first_that(decodes, plain));
    };
    let pairs = Pairs::of(sample, GB18030);
    let is_chinese = |encoding| encoding == GB18030 || encoding == BIG5;
    let is_short = pairs.all < FEW;
    if !lang.is_chinese() {
        let guess = if is_short { ask(domain(lang)) } else { plain };
        return Guess::Sure(first_that(decodes, guess));
    }
    let guess = if is_short || !is_chinese(plain) {
        ask(domain(lang))
    } else {
        plain
    };
    if is_chinese(guess) && decodes(guess) {
        return Guess::Sure(guess);
    }
    let big5 = Pairs::of(sample, BIG5);
    let (best, counts) = if lang.is_simplified_chinese() && 4 * pairs.usual >= 3 * big5.usual
        || pairs.usual > big5.usual
    {
        (GB18030, pairs)
    } else {
        (BIG5, big5)
    };
    let is_likely = 2 * counts.usual >= counts.all && counts.all > 0;
    let has_few_bad = 10 * counts.bad <= counts.all + 10;
    let first_bad = valid_prefix(best, bytes);
    if is_likely && first_bad == bytes.len() {
        return Guess::Sure(best);
    }
    if is_likely && has_few_bad {
        return Guess::Broken(best, first_bad);
    }
    let other = first_that(decodes, guess);
    if is_chinese(other) || is_plain(other, sample) {
        Guess::Sure(other)
    } else {
        Guess::Unlikely(other)
    }
}

/// A guess that can't read the file is no guess: the first encoding that can.
fn first_that(
    decodes: impl Fn(&'static Encoding) -> bool,
    guess: &'static Encoding,
) -> &'static Encoding {
    std::iter::once(guess)
        .chain([GB18030, BIG5, SHIFT_JIS, EUC_KR])
        .find(|&encoding| decodes(encoding))
        .unwrap_or(guess)
}

/// The domain whose pages are mostly in this language, as `chardetng` takes a hint.
fn domain(lang: &Lang) -> Option<&'static [u8]> {
    match lang.primary() {
        "zh" if lang.is_simplified_chinese() => Some(b"cn"),
        "zh" => Some(b"tw"),
        "ja" => Some(b"jp"),
        "ko" => Some(b"kr"),
        _ => None,
    }
}

/// Whether text in a single-byte encoding is what may stand in a Chinese newsroom's folder: Latin
/// text with a few accented letters. Chinese read by the wrong table is full of them.
fn is_plain(encoding: &'static Encoding, sample: &[u8]) -> bool {
    let letters = sample
        .iter()
        .filter(|byte| byte.is_ascii_alphabetic())
        .count();
    let others = sample.iter().filter(|byte| !byte.is_ascii()).count();
    encoding.is_single_byte() && 8 * others <= letters
}

/// Characters of two bytes in a text.
#[derive(Clone, Copy, Debug, Default)]
struct Pairs {
    all: usize,
    /// Of these, characters of the first, common level of the character set, and its marks.
    usual: usize,
    /// Bytes that are none of a character.
    bad: usize,
}

impl Pairs {
    fn of(sample: &[u8], encoding: &'static Encoding) -> Self {
        let is_gb = encoding == GB18030;
        let mut pairs = Self::default();
        let mut rest = sample;
        while let Some((&lead, tail)) = rest.split_first() {
            rest = tail;
            if lead.is_ascii() {
                continue;
            }
            let trail = match tail.first() {
                Some(&trail) if matches!(lead, 0x81..=0xfe) => trail,
                Some(_) => 0,
                None => break,
            };
            let is_trail = if is_gb {
                matches!(trail, 0x40..=0x7e | 0x80..=0xfe)
            } else {
                matches!(trail, 0x40..=0x7e | 0xa1..=0xfe)
            };
            if !is_trail {
                pairs.bad += 1;
                continue;
            }
            pairs.all += 1;
            pairs.usual += usize::from(if is_gb {
                matches!(lead, 0xa1 | 0xa3 | 0xb0..=0xd7) && trail >= 0xa1
            } else {
                matches!(lead, 0xa1 | 0xa4..=0xc6)
            });
            rest = &tail[1..];
        }
        pairs
    }
}
