//! Reading and writing XML for the formats that are XML: bounded, with positions and namespaces.
//!
//! Built on `quick_xml`, which finds the tokens. This module adds what a file from a stranger
//! needs: sizes and depths with a limit, no entities but XML's own five, no internal document
//! type, well-formedness that `quick_xml` leaves to its callers, and a line and column for each
//! complaint.

mod decode;
mod error;
mod parser;
mod place;
mod tree;
mod writer;

pub use decode::Limits;
pub use error::{Problem, XmlError};
pub use place::Place;

pub(crate) use decode::decode;
pub(crate) use error::Fault;
pub(crate) use parser::{Event, Parser, Tag, is_xml_char};
pub(crate) use place::locate;
pub(crate) use tree::{Element, Node};
pub(crate) use writer::{
    Writer, escape_attribute, escape_illegal, escape_text, is_nmtoken, legal, nmtoken,
    unescape_illegal,
};

/// The namespace of `xml:lang`, `xml:space` and `xml:id`.
pub(crate) const XML_NS: &str = "http://www.w3.org/XML/1998/namespace";
