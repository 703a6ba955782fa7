//! Signs of Word's symbol fonts, whose codes say nothing without the font.

/// The character for a code of a symbol font. What is not known here stays as it is, so that it
/// can be seen.
pub(super) fn of(font: &str, code: u32) -> Option<char> {
    let low = match code {
        0xf020..=0xf0ff => code - 0xf000,
        _ => code,
    };
    let known = match (font.to_ascii_lowercase().as_str(), low) {
        ("symbol", 0xb7) | ("wingdings", 0x9f) => '•',
        ("symbol", 0xb0) => '°',
        ("symbol", 0xb1) => '±',
        ("symbol", 0xb4) => '×',
        ("symbol", 0xb8) => '÷',
        ("symbol", 0xa3) => '≤',
        ("symbol", 0xb3) => '≥',
        ("symbol", 0xb9) => '≠',
        ("symbol", 0xbb) => '≈',
        ("symbol", 0xa5) => '∞',
        ("symbol", 0xae) | ("wingdings", 0xe0) => '→',
        ("symbol", 0x61) => 'α',
        ("symbol", 0x62) => 'β',
        ("symbol", 0x67) => 'γ',
        ("symbol", 0x64) => 'δ',
        ("symbol", 0x6d) => 'μ',
        ("symbol", 0x70) => 'π',
        ("symbol", 0x44) => 'Δ',
        ("symbol", 0x53) => 'Σ',
        ("symbol", 0x57) => 'Ω',
        ("wingdings", 0x6c) => '●',
        ("wingdings", 0x6e) => '■',
        ("wingdings", 0xa7) => '▪',
        ("wingdings", 0xa8) => '◻',
        ("wingdings", 0xd8) => '➢',
        ("wingdings", 0xfb) => '✗',
        ("wingdings", 0xfc) => '✓',
        ("wingdings", 0xfd) | ("wingdings 2", 0x54) => '☒',
        ("wingdings", 0xfe) | ("wingdings 2", 0x52) => '☑',
        _ => return char::from_u32(code),
    };
    Some(known)
}
