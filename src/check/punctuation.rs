//! Quotation marks, brackets, ends of sentences, doubled marks.

use super::{Pair, Sink};

pub(super) fn check(pair: &Pair<'_>, sink: &mut Sink<'_>) {
    unpaired(pair, sink);
    doubled(pair, sink);
    end(pair, sink);
}

const PARTNERS: &[(char, char)] = &[
    ('(', ')'),
    ('[', ']'),
    ('{', '}'),
    ('“', '”'),
    ('（', '）'),
    ('《', '》'),
    ('「', '」'),
    ('『', '』'),
    ('【', '】'),
    ('〔', '〕'),
];

/// The places of marks without a partner. A quotation may run over several sentences: those of
/// the source that do so are the caller's to compare.
fn open_marks(text: &str) -> Vec<(usize, char)> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut alone: Vec<(usize, char)> = Vec::new();
    for (at, c) in text.char_indices() {
        if PARTNERS.iter().any(|(opening, _)| *opening == c) {
            open.push((at, c));
        } else if let Some((opening, _)) = PARTNERS.iter().find(|(_, closing)| *closing == c) {
            // 1) and a) number a list.
            if let Some(place) = open.iter().rposition(|(_, mark)| mark == opening) {
                open.truncate(place);
            } else if !(c == ')' && text[..at].chars().count() <= 3) {
                alone.push((at, c));
            }
        }
    }
    alone.extend(open);
    let straight: Vec<usize> = text.match_indices('"').map(|(at, _)| at).collect();
    // 6" is six inches.
    if straight.len() % 2 == 1
        && let Some(&last) = straight.last()
        && !text[..last].ends_with(|c: char| c.is_ascii_digit())
    {
        alone.push((last, '"'));
    }
    alone.sort_unstable();
    alone
}

/// What a mark is, whatever its shape: a quotation mark or a bracket.
fn is_quote(c: char) -> bool {
    matches!(c, '“' | '”' | '"' | '「' | '」' | '『' | '』')
}

fn unpaired(pair: &Pair<'_>, sink: &mut Sink<'_>) {
    let source = open_marks(pair.source);
    for (at, c) in open_marks(pair.target) {
        // A quotation that the source leaves open as well runs on.
        let same_in_source = source
            .iter()
            .any(|(_, mark)| is_quote(*mark) == is_quote(c));
        if !same_in_source {
            sink.in_target(
                "punctuation.unpaired",
                format!("{c} has no partner"),
                pair,
                at..at + c.len_utf8(),
            );
        }
    }
}

fn doubled(pair: &Pair<'_>, sink: &mut Sink<'_>) {
    let text = pair.target;
    let mut before = '\0';
    let mut run = 0;
    for (at, c) in text.char_indices() {
        run = if c == before { run + 1 } else { 1 };
        let next = text[at + c.len_utf8()..].chars().next();
        let is_pair = matches!(
            (before, c),
            (',' | '，', ',' | '，')
                | ('。', '。')
                | ('、', '、')
                | (';', ';')
                | ('；', '；')
                | (',' | '，' | ';', '.' | '。')
        ) || ((before, c) == ('.', '.') && run == 2 && next != Some('.'));
        if is_pair {
            sink.in_target(
                "punctuation.doubled",
                format!("{before}{c} stands where one mark would do"),
                pair,
                at - before.len_utf8()..at + c.len_utf8(),
            );
        }
        before = c;
    }
}

/// The sort of mark that ends a text, closing quotes and brackets left out.
fn last_mark(text: &str) -> Option<char> {
    let last = text
        .trim_end()
        .trim_end_matches(['”', '’', '"', '\'', '」', '』', ')', '）', ']', '*'])
        .chars()
        .next_back()?;
    Some(match last {
        '？' | '?' => '?',
        '！' | '!' => '!',
        '。' | '.' | '．' => '.',
        '…' => '…',
        '：' | ':' => ':',
        '；' | ';' => ';',
        _ => return None,
    })
}

fn end(pair: &Pair<'_>, sink: &mut Sink<'_>) {
    let (source, target) = (last_mark(pair.source), last_mark(pair.target));
    let message = match (source, target) {
        // "Why?" he asked.
        (Some('?'), _) if !pair.target.contains(['?', '？']) => {
            "the source is a question, the translation does not end as one"
        }
        (Some('.' | '!'), None) => "the translation has no mark at its end",
        _ => return,
    };
    let length = pair.target.chars().count();
    sink.at_target(
        "punctuation.end",
        message.to_owned(),
        [length.saturating_sub(1), length],
    );
}
