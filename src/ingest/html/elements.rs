//! What an element's name says: which hold paragraphs, which text, which none of the article's.

use html5ever::tokenizer::states::RawKind;

use crate::model::CodeKind;

/// Elements inside of a paragraph or around one whose text is not the article's: what a browser
/// shows in their place, or labels of what one can do.
pub(super) fn is_set_aside(name: &str) -> bool {
    matches!(
        name,
        "button"
            | "select"
            | "noscript"
            | "svg"
            | "iframe"
            | "object"
            | "audio"
            | "video"
            | "textarea"
    )
}

/// How the tokenizer is to read what stands in an element that holds no markup.
pub(super) fn is_raw(name: &str) -> Option<RawKind> {
    match name {
        "script" => Some(RawKind::ScriptData),
        "style" | "xmp" | "noembed" | "noframes" | "iframe" => Some(RawKind::Rawtext),
        "title" | "textarea" => Some(RawKind::Rcdata),
        _ => None,
    }
}

/// Elements that hold paragraphs.
pub(super) fn is_container(name: &str) -> bool {
    matches!(
        name,
        "div"
            | "section"
            | "article"
            | "main"
            | "body"
            | "td"
            | "th"
            | "blockquote"
            | "ul"
            | "ol"
            | "dl"
            | "figure"
            | "header"
            | "footer"
            | "nav"
            | "aside"
            | "form"
            | "dialog"
            | "menu"
            | "center"
            | "table"
    )
}

/// Elements before and after which a paragraph ends.
pub(super) fn is_block(name: &str) -> bool {
    is_container(name)
        || matches!(
            name,
            "p" | "h1"
                | "h2"
                | "h3"
                | "h4"
                | "h5"
                | "h6"
                | "li"
                | "dt"
                | "dd"
                | "pre"
                | "address"
                | "figcaption"
                | "caption"
                | "tr"
                | "hr"
                | "details"
                | "summary"
                | "fieldset"
                | "tbody"
                | "thead"
                | "tfoot"
                | "html"
                | "head"
                | "hgroup"
        )
}

/// The code that an element in the midst of text becomes.
pub(super) fn inline_kind(name: &str) -> Option<CodeKind> {
    Some(match name {
        "b" | "strong" => CodeKind::Bold,
        "i" | "em" | "cite" => CodeKind::Italic,
        "u" | "ins" => CodeKind::Underline,
        "sup" => CodeKind::Superscript,
        "sub" => CodeKind::Subscript,
        "mark" | "s" | "del" | "code" | "small" => CodeKind::Other(name.to_owned()),
        _ => return None,
    })
}
