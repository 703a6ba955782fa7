//! Segmentation: a cleaned file becomes articles of blocks of sentences.
//!
//! Pure and deterministic. [`kinds`] says what part each paragraph plays, [`articles`] where an
//! article begins, [`sentences`] where a sentence ends, [`credits`] who wrote it and when.

mod articles;
mod credits;
mod kinds;
mod sentences;

pub use sentences::{Srx, SrxError};

use compact_str::format_compact;

use crate::model::{
    Article, ArticleId, Block, BlockId, BlockKind, CleanDocument, Content, Inline, Lang, Meta,
    Note, NoteAbout, NoteKind, Passage, RepairRef, Segment, SegmentId, Suspect,
};
use crate::note_mark;

/// How to segment.
#[derive(Clone, Debug)]
pub struct SegmentOptions {
    /// The language of the text.
    pub lang: Lang,
    /// The id of the article; where the file holds several, the part before `-1`, `-2`.
    pub stem: String,
    /// The file, relative to the workspace, for [`Article::original`].
    pub original: String,
    /// Lines of the file (1-based) at which an article begins, instead of what is found. The first
    /// line need not be named. Empty: articles are found.
    pub article_lines: Vec<u32>,
    /// Rules for sentences that take the place of duizhao's own, for the languages they map.
    pub srx: Option<std::sync::Arc<Srx>>,
}

impl SegmentOptions {
    /// Options for a file at `original`: the id is the file's stem.
    #[must_use]
    pub fn new(original: &str, lang: Lang) -> Self {
        Self {
            lang,
            stem: ArticleId::of_file(original).to_string(),
            original: original.to_owned(),
            article_lines: Vec::new(),
            srx: None,
        }
    }
}

/// Cuts a cleaned document into articles. There is at least one where there is any text.
#[must_use]
pub fn segment(document: CleanDocument, options: &SegmentOptions) -> Vec<Article> {
    drafts(document, options).map(Draft::into_article).collect()
}

/// The articles of a cleaned document one by one, each still in paragraphs. So a large file need
/// not be in memory both in paragraphs and in sentences.
pub fn drafts(
    document: CleanDocument,
    options: &SegmentOptions,
) -> impl Iterator<Item = Draft<'_>> {
    let CleanDocument { meta, passages, .. } = document;
    let shapes: Vec<_> = passages.iter().map(kinds::shape).collect();
    let ranges = articles::split(&passages, &shapes, &options.article_lines);
    let several = ranges.len() > 1;
    let mut passages = passages.into_iter();
    ranges.into_iter().enumerate().map(move |(i, range)| {
        let (id, own) = if several {
            let own: Vec<Passage> = passages.by_ref().take(range.len()).collect();
            (format!("{}-{}", options.stem, i + 1), own.into_iter())
        } else {
            let all = std::mem::take(&mut passages);
            (options.stem.clone(), all)
        };
        let parts = kinds::kinds(own.as_slice(), &shapes[range]);
        let mut meta = meta.clone();
        credits::read(own.as_slice(), &parts, &mut meta);
        Draft {
            id: ArticleId::new(id),
            meta,
            passages: own,
            parts,
            options,
        }
    })
}

/// An article whose paragraphs are not cut into sentences yet.
#[derive(Debug)]
pub struct Draft<'a> {
    id: ArticleId,
    meta: Meta,
    passages: std::vec::IntoIter<Passage>,
    parts: Vec<kinds::Part>,
    options: &'a SegmentOptions,
}

impl<'a> Draft<'a> {
    /// The article's id.
    #[must_use]
    pub fn id(&self) -> &ArticleId {
        &self.id
    }

    /// What [`Article::title`] will be.
    #[must_use]
    pub fn title(&self) -> String {
        self.first_of(BlockKind::Title)
            .unwrap_or_else(|| self.id.as_str())
            .to_owned()
    }

    /// What [`Article::byline`] will be.
    #[must_use]
    pub fn byline(&self) -> Option<String> {
        self.first_of(BlockKind::Byline).map(str::to_owned)
    }

    fn first_of(&self, kind: BlockKind) -> Option<&str> {
        let at = self.parts.iter().position(|part| part.kind == kind)?;
        let passage = self.passages.as_slice().get(at)?;
        Some(&passage.text)
    }

    /// The article's blocks, each cut into sentences when it is asked for.
    pub fn into_blocks(self) -> impl Iterator<Item = Block> + use<'a> {
        let Self {
            passages,
            parts,
            options,
            ..
        } = self;
        let mut sentences = 0;
        passages
            .zip(parts)
            .enumerate()
            .map(move |(i, (passage, part))| block(i, passage, part, options, &mut sentences))
    }

    /// The whole article.
    #[must_use]
    pub fn into_article(mut self) -> Article {
        Article {
            id: self.id.clone(),
            lang: self.options.lang.clone(),
            original: self.options.original.clone(),
            meta: std::mem::take(&mut self.meta),
            blocks: self.into_blocks().collect(),
            obsolete: Vec::new(),
        }
    }
}

fn block(
    i: usize,
    passage: Passage,
    part: kinds::Part,
    options: &SegmentOptions,
    sentences: &mut usize,
) -> Block {
    let cuts = if part.is_one_sentence() {
        Vec::new()
    } else {
        let mut cuts = sentences::cuts(&passage.text, &options.lang, options.srx.as_deref());
        keep_note_marks(&passage, &mut cuts);
        cuts
    };
    let segments = segments(&passage, &cuts, sentences);
    Block {
        id: BlockId::new(format_compact!("b{}", i + 1)),
        kind: part.kind,
        level: part.level,
        position: part.position,
        lines: passage.lines,
        segments,
        repairs: passage.repairs.iter().map(RepairRef::to_repair).collect(),
        suspects: passage.suspects,
    }
}

/// Moves each cut behind the marks of notes that stand there: they belong to what is before them.
fn keep_note_marks(passage: &Passage, cuts: &mut Vec<usize>) {
    let text = passage.text.as_str();
    for cut in &mut *cuts {
        let length = note_mark::length_at(text, &passage.codes, *cut);
        if length > 0 && !text[..*cut].ends_with(char::is_whitespace) {
            let rest = &text[*cut + length..];
            *cut += length + rest.len() - rest.trim_start().len();
        }
    }
    cuts.retain(|&cut| cut < text.len());
}

/// Cuts a passage's content at byte offsets, and numbers the sentences on from `count`.
fn segments(passage: &Passage, cuts: &[usize], count: &mut usize) -> Vec<Segment> {
    let mut segments = Vec::with_capacity(cuts.len() + 1);
    let mut suspects = passage.suspects.iter().peekable();
    let mut chars = 0;
    for piece in pieces(passage, cuts) {
        let (before, source, space_after) = if has_edge_space(&piece) {
            piece.split_edge_space()
        } else {
            (String::new(), piece, String::new())
        };
        if suspects.peek().is_some() {
            chars += before.chars().count()
                + source.text().chars().count()
                + space_after.chars().count();
        }
        *count += 1;
        let mut segment = Segment::new(
            SegmentId::new(format_compact!("s{count}")),
            source,
            space_after,
        );
        while let Some(suspect) = suspects.next_if(|suspect| suspect.at < chars) {
            segment.notes.push(note(suspect));
        }
        segments.push(segment);
    }
    if let Some(last) = segments.last_mut() {
        last.notes.extend(suspects.map(note));
    }
    segments
}

/// Whether the text of a piece begins or ends with white space.
fn has_edge_space(piece: &Content) -> bool {
    let mut runs = piece.inlines().iter().filter_map(|inline| match inline {
        Inline::Text(run) => Some(run.as_str()),
        _ => None,
    });
    let first = runs.next().unwrap_or_default();
    let last = runs.next_back().unwrap_or(first);
    first.starts_with(char::is_whitespace) || last.ends_with(char::is_whitespace)
}

fn pieces(passage: &Passage, cuts: &[usize]) -> Vec<Content> {
    if passage.codes.is_empty() {
        let mut pieces = Vec::with_capacity(cuts.len() + 1);
        let mut from = 0;
        for &cut in cuts.iter().chain(std::iter::once(&passage.text.len())) {
            pieces.push(Content::from_text(&passage.text[from..cut]));
            from = cut;
        }
        return pieces;
    }
    let mut whole = Content::default();
    let mut from = 0;
    for (at, code) in &passage.codes {
        whole.push_text(&passage.text[from..*at]);
        whole.push(code.clone());
        from = *at;
    }
    whole.push_text(&passage.text[from..]);
    whole.split_at(cuts)
}

fn note(suspect: &Suspect) -> Note {
    let text = match &suspect.suggestion {
        Some(suggestion) => format!(
            "{}: {} → {}? {}",
            suspect.rule, suspect.as_read, suggestion, suspect.message
        ),
        None => format!("{}: {}. {}", suspect.rule, suspect.as_read, suspect.message),
    };
    Note {
        kind: NoteKind::Suspect,
        about: NoteAbout::Source,
        text,
    }
}
