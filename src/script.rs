//! Classes of characters in East Asian running text.

/// A Chinese character: the unified ideographs with their extensions and compatibility blocks,
/// `〇` and `々` included.
#[must_use]
pub fn is_han(c: char) -> bool {
    matches!(c,
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}' | '〇' | '々')
}

/// Kana: written without spaces between words, as Han is.
#[must_use]
pub fn is_kana(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}')
}

/// A punctuation mark of Chinese or Japanese text, in full width.
#[must_use]
pub fn is_cjk_punctuation(c: char) -> bool {
    matches!(c,
        '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301f}'
        | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' | '\u{ff3b}'..='\u{ff40}'
        | '\u{ff5b}'..='\u{ff65}' | '…' | '—' | '“' | '”' | '‘' | '’' | '·')
}

/// A character of Chinese or Japanese text: a letter or a full-width mark.
#[must_use]
pub fn is_cjk(c: char) -> bool {
    is_han(c) || is_kana(c) || is_cjk_punctuation(c)
}

/// A character without a picture or a width of its own: control characters, zero-width spaces and
/// joiners, soft hyphens, marks of direction. Tabs and line ends are white space.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
        || c.is_control() && !c.is_whitespace()
}

/// A mark that ends a sentence in Chinese text, full width or ASCII; the ASCII full stop is left
/// out, for it also stands in numbers and abbreviations.
#[must_use]
pub fn is_stop(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '!' | '?' | '…' | '｡')
}

/// A mark that opens a quotation or bracket, by its shape.
#[must_use]
pub fn is_opener(c: char) -> bool {
    matches!(
        c,
        '“' | '‘'
            | '「'
            | '『'
            | '（'
            | '('
            | '《'
            | '〈'
            | '【'
            | '〔'
            | '['
            | '［'
            | '{'
            | '｛'
            | '〖'
    )
}

/// A mark that closes a quotation or bracket, by its shape.
#[must_use]
pub fn is_closer(c: char) -> bool {
    matches!(
        c,
        '”' | '’'
            | '」'
            | '』'
            | '）'
            | ')'
            | '》'
            | '〉'
            | '】'
            | '〕'
            | ']'
            | '］'
            | '}'
            | '｝'
            | '〗'
    )
}

/// The width of a character on a page of fixed pitch: 2 for East Asian letters and marks, else 1.
#[must_use]
pub fn columns(c: char) -> usize {
    if is_cjk(c)
        || matches!(c, '\u{3000}'..='\u{303f}' | '\u{ac00}'..='\u{d7af}' | '\u{ff00}'..='\u{ff60}')
    {
        2
    } else {
        1
    }
}

/// A character of Chinese text or an ASCII mark that may stand for one of its marks.
#[must_use]
pub fn is_cjk_or_mark(c: char) -> bool {
    is_cjk(c) || (c.is_ascii_punctuation() && !matches!(c, '#' | '@' | '\\' | '_' | '`' | '^'))
}
