//! Covers: the user's own picture, or one drawn from the titles with fonts that the user names.

use std::fmt::Write;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

use super::html::escape;

/// A cover picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cover {
    /// The file name in the book.
    pub name: &'static str,
    /// `image/png` or `image/jpeg`.
    pub media_type: &'static str,
    /// The picture.
    pub bytes: Vec<u8>,
}

/// Why there is no cover.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CoverError {
    /// The file is neither PNG nor JPEG.
    #[error("{0}: a cover must be a PNG or JPEG picture")]
    Format(String),
    /// The picture is cut short or damaged.
    #[error("{0}: the picture is cut short or damaged; save it anew")]
    Damaged(String),
    /// A file holds no font.
    #[error("{0}: no font was found in this file; give a .ttf, .otf or .ttc file")]
    Font(String),
    /// The fonts lack characters of the title.
    #[error("the fonts for the cover lack the characters {0:?}; name a font that has them")]
    Glyphs(String),
    /// Drawing failed.
    #[error("drawing the cover failed: {0}")]
    Draw(String),
}

/// What a drawn cover says.
#[derive(Clone, Debug)]
pub struct CoverText<'a> {
    /// The title in the source language.
    pub title: &'a str,
    /// The title in the target language.
    pub translated_title: &'a str,
    /// The line at the foot: publisher, date.
    pub foot: &'a str,
}

impl Cover {
    /// A picture as a file has it. The kind is told by its first bytes.
    pub fn from_file(path: &str, bytes: Vec<u8>) -> Result<Self, CoverError> {
        let (name, media_type) = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            ("cover.png", "image/png")
        } else if bytes.starts_with(b"\xff\xd8\xff") {
            ("cover.jpg", "image/jpeg")
        } else {
            return Err(CoverError::Format(path.to_owned()));
        };
        // A picture that was cut short makes a book that shops refuse.
        let whole = match name {
            "cover.png" => Pixmap::decode_png(&bytes).is_ok(),
            _ => bytes.trim_ascii_end().ends_with(b"\xff\xd9"),
        };
        if !whole {
            return Err(CoverError::Damaged(path.to_owned()));
        }
        Ok(Self {
            name,
            media_type,
            bytes,
        })
    }
}

/// The size that shops ask for: 1600 by 2560 pixels.
const WIDTH: u32 = 1600;
const HEIGHT: u32 = 2560;
const MARGIN: f64 = 150.0;

/// Draws a cover as PNG with these fonts (path, for messages, and bytes) and no other. Same
/// texts and fonts, same bytes.
pub fn draw_cover(text: &CoverText<'_>, fonts: &[(String, Vec<u8>)]) -> Result<Cover, CoverError> {
    let mut options = Options::default();
    let db = options.fontdb_mut();
    for (path, bytes) in fonts {
        let before = db.len();
        db.load_font_data(bytes.clone());
        if db.len() == before {
            return Err(CoverError::Font(path.clone()));
        }
    }
    let families: Vec<String> = db
        .faces()
        .filter_map(|face| face.families.first().map(|(name, _)| name.clone()))
        .fold(Vec::new(), |mut names, name| {
            if !names.contains(&name) {
                names.push(name);
            }
            names
        });
    let lacking = lacking(
        db,
        &format!("{}{}{}", text.title, text.translated_title, text.foot),
    );
    if !lacking.is_empty() {
        return Err(CoverError::Glyphs(lacking));
    }
    let svg = svg(text, &families);
    let tree = Tree::from_str(&svg, &options).map_err(|e| CoverError::Draw(e.to_string()))?;
    let mut pixmap = Pixmap::new(WIDTH, HEIGHT)
        .ok_or_else(|| CoverError::Draw("no memory for the picture".into()))?;
    resvg::render(&tree, Transform::identity(), &mut pixmap.as_mut());
    let bytes = pixmap
        .encode_png()
        .map_err(|e| CoverError::Draw(e.to_string()))?;
    Ok(Cover {
        name: "cover.png",
        media_type: "image/png",
        bytes,
    })
}

/// The characters that no font has.
fn lacking(db: &fontdb::Database, text: &str) -> String {
    let mut chars: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    chars.sort_unstable();
    chars.dedup();
    for face in db.faces() {
        db.with_face_data(face.id, |data, index| {
            if let Ok(font) = ttf_parser::Face::parse(data, index) {
                chars.retain(|&c| font.glyph_index(c).is_none());
            }
        });
    }
    chars.into_iter().collect()
}

/// A plain typographic cover: a red field with both titles, a rule between them, and a pair of
/// columns below that stand for text set side by side.
fn svg(text: &CoverText<'_>, families: &[String]) -> String {
    let width = f64::from(WIDTH);
    let family = families
        .iter()
        .map(|name| format!("'{name}'"))
        .collect::<Vec<_>>()
        .join(", ");
    let mut body = String::new();
    let (size, lines) = fit(
        text.title,
        width - 2.0 * MARGIN,
        &[230.0, 200.0, 170.0, 140.0],
        4,
    );
    let mut y = 420.0;
    for line in lines {
        y += size;
        body += &line_of_text(&line, MARGIN, y, size, 700);
        y += size * 0.25;
    }
    y += 110.0;
    let _ = writeln!(
        body,
        "<rect x=\"{MARGIN}\" y=\"{y}\" width=\"220\" height=\"14\" fill=\"#f5e9d0\"/>"
    );
    y += 80.0;
    let (size, lines) = fit(
        text.translated_title,
        width - 2.0 * MARGIN,
        &[130.0, 112.0, 96.0, 84.0],
        6,
    );
    for line in lines {
        y += size;
        body += &line_of_text(&line, MARGIN, y, size, 400);
        y += size * 0.25;
    }
    let mut columns = String::new();
    // Two columns of text, in the room that the titles leave.
    let rows = if y < 1860.0 { 8 } else { 0 };
    for row in 0..rows {
        let (y, short) = (1930 + row * 48, row == 7);
        for (x, full) in [(150, 610), (840, 610)] {
            let width = if short { full / 2 } else { full };
            let _ = writeln!(
                columns,
                "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"12\"/>"
            );
        }
    }
    let foot = line_of_text(text.foot, MARGIN, 2420.0, 64.0, 400);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{HEIGHT}\" \
         viewBox=\"0 0 {WIDTH} {HEIGHT}\">\n\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#7d1f1a\"/>\n\
         <rect x=\"0\" y=\"0\" width=\"{WIDTH}\" height=\"250\" fill=\"#65150f\"/>\n\
         <g fill=\"#f5e9d0\" opacity=\"0.35\">\n{columns}</g>\n\
         <g font-family=\"{}\" fill=\"#fdf6e6\">\n{body}{foot}</g>\n</svg>\n",
        escape(&family)
    )
}

fn line_of_text(text: &str, x: f64, y: f64, size: f64, weight: u32) -> String {
    format!(
        "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" font-weight=\"{weight}\">{}</text>\n",
        escape(text)
    )
}

/// The largest of the sizes at which the text takes no more than `most` lines, or no more than its
/// half-lines where it has some; the smallest where none does.
fn fit(text: &str, width: f64, sizes: &[f64], most: usize) -> (f64, Vec<String>) {
    let half_lines = wrap(text, f64::INFINITY).len();
    let most = if half_lines > 1 { half_lines } else { most };
    let mut last = (sizes[0], Vec::new());
    for &size in sizes {
        last = (size, wrap(text, width / size));
        if last.1.len() <= most {
            break;
        }
    }
    last
}

/// Breaks a text into lines of at most `width` em. Wide characters take one em and may be parted;
/// Latin ones take about half of one and are parted at spaces. A space between wide characters
/// marks a half-line of a headline: the line breaks there.
fn wrap(text: &str, width: f64) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0.0;
    for word in words(text) {
        let wide = |c: char| c > '\u{2e7f}';
        let length: f64 = word.chars().map(|c| if wide(c) { 1.0 } else { 0.56 }).sum();
        let half_line = word == " " && lines.last().is_some_and(|line| line.ends_with(wide));
        // Closing punctuation never begins a line.
        let closing = word.chars().all(|c| "，。：；、！？”’）》…".contains(c));
        if half_line || (used + length > width && used > 0.0 && !closing) {
            lines.push(String::new());
            used = 0.0;
        }
        if word == " " && used == 0.0 {
            continue;
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(word);
        }
        used += length;
    }
    lines
        .into_iter()
        .map(|line| line.trim_end().to_owned())
        .filter(|l| !l.is_empty())
        .collect()
}

/// Single wide characters, spaces, and runs of other characters.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        if c.is_whitespace() || c > '\u{2e7f}' {
            if start < at {
                words.push(&text[start..at]);
            }
            let end = at + c.len_utf8();
            words.push(if c.is_whitespace() {
                " "
            } else {
                &text[at..end]
            });
            start = end;
        }
    }
    if start < text.len() {
        words.push(&text[start..]);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_break_at_half_lines_and_words() {
        assert_eq!(
            wrap("解放思想再深入 全面振兴新突破", 8.0),
            ["解放思想再深入", "全面振兴新突破"]
        );
        assert_eq!(
            wrap("Emancipating the Mind", 8.0),
            ["Emancipating", "the Mind"]
        );
        assert_eq!(wrap("通化县，柳河县。", 7.0), ["通化县，柳河县。"]);
    }

    #[test]
    fn a_file_that_is_no_picture_or_font_is_refused() {
        assert!(matches!(
            Cover::from_file("a.gif", b"GIF89a".to_vec()),
            Err(CoverError::Format(_))
        ));
        let text = CoverText {
            title: "书",
            translated_title: "Book",
            foot: "",
        };
        let fonts = [("a.ttf".to_owned(), b"no font".to_vec())];
        assert!(
            matches!(draw_cover(&text, &fonts), Err(CoverError::Font(path)) if path == "a.ttf")
        );
        assert!(matches!(draw_cover(&text, &[]), Err(CoverError::Glyphs(_))));
    }
}
