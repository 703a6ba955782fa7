//! What can be wrong with a file.

/// Why a file could not be read. Each message names the file and says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IngestError {
    /// There is no text in it.
    #[error("{path}: the file holds no text; remove it from the sources, or put text into it")]
    Empty {
        /// The file.
        path: String,
    },
    /// The caller asked for an encoding that does not exist.
    #[error(
        "{path}: there is no encoding {label:?}; write a name such as utf-8, gb18030, big5, \
         utf-16le or shift_jis"
    )]
    UnknownEncoding {
        /// The file.
        path: String,
        /// The name as given.
        label: String,
    },
    /// The bytes are not text in the encoding that was asked for, declared or detected.
    #[error(
        "{path}:{line}: the bytes are not valid {encoding} (first at byte {offset}); save the file \
         as UTF-8, or name its encoding: `encoding` under [[source-file]] in duizhao.toml, or \
         `segment --encoding`"
    )]
    InvalidEncoding {
        /// The file.
        path: String,
        /// The encoding that it was read as.
        encoding: String,
        /// The 1-based line of the first bad byte.
        line: usize,
        /// The 0-based offset of the first bad byte.
        offset: usize,
    },
    /// The bytes are text in an encoding of other languages only.
    #[error(
        "{path}:{line}: read as {encoding}, which is the likeliest by the bytes, this is no Chinese \
         text (first at byte {offset}); save the file as UTF-8, or name its encoding: `encoding` \
         under [[source-file]] in duizhao.toml, or `segment --encoding`; where it is in another \
         language, `segment --lang`"
    )]
    UnlikelyEncoding {
        /// The file.
        path: String,
        /// The encoding that it seems to be in.
        encoding: String,
        /// The 1-based line of the first byte that is no ASCII.
        line: usize,
        /// The 0-based offset of that byte.
        offset: usize,
    },
    /// Some of the text is UTF-8, and some is not.
    #[error(
        "{path}:{line}: the text from byte {offset} on is UTF-8, but other text of the file is \
         {encoding}; save all of it as UTF-8"
    )]
    MixedEncodings {
        /// The file.
        path: String,
        /// The encoding of the rest.
        encoding: String,
        /// The 1-based line where UTF-8 begins.
        line: usize,
        /// The 0-based offset of its first byte.
        offset: usize,
    },
    /// The file is of a format that is not read.
    #[error(
        "{path}: this is {kind}, which duizhao does not read; save it as DOCX or as plain text"
    )]
    OtherFormat {
        /// The file.
        path: String,
        /// The format.
        kind: &'static str,
    },
    /// A control character shows that the file is not text.
    #[error(
        "{path}:{line}: the file looks binary (it has NUL characters); give the text itself, or \
         one of the formats that duizhao reads: txt, md, html, docx, epub"
    )]
    Binary {
        /// The file.
        path: String,
        /// The 1-based line of the first NUL.
        line: usize,
    },
    /// A container (DOCX, EPUB) is broken or lacks a part.
    #[error(
        "{path}: not a readable {format} file: {reason}; open and save it again in the program that made it"
    )]
    Container {
        /// The file.
        path: String,
        /// The format by its usual name.
        format: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// A part of the file is larger than duizhao unpacks.
    #[error("{path}: {part} is larger than {limit} MiB when unpacked; split the file")]
    TooLarge {
        /// The file.
        path: String,
        /// The part.
        part: String,
        /// The limit.
        limit: u64,
    },
}
