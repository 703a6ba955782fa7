//! Elements with all that they hold.

use std::borrow::Cow;
use std::ops::Range;

use super::error::Fault;
use super::parser::{Attr, Event, Parser, Tag};

#[derive(Debug)]
pub(crate) struct Element<'a> {
    /// The namespace; empty where there is none.
    pub(crate) ns: &'a str,
    pub(crate) local: &'a str,
    pub(crate) attrs: Vec<Attr<'a>>,
    pub(crate) children: Vec<Node<'a>>,
    /// Where it stands in the file, tags included.
    pub(crate) span: Range<usize>,
    /// Where its content stands.
    pub(crate) inner: Range<usize>,
}

#[derive(Debug)]
pub(crate) enum Node<'a> {
    Element(Element<'a>),
    /// Text, never next to other text.
    Text(Cow<'a, str>),
}

impl<'a> Parser<'a> {
    /// The rest of the element that `tag` has just begun.
    pub(crate) fn element(&mut self, tag: Tag<'a>) -> Result<Element<'a>, Fault> {
        let mut open: Vec<Element<'a>> = Vec::new();
        let mut current = Element::begin(tag);
        loop {
            match self.next()? {
                Event::Start(tag) => {
                    open.push(std::mem::replace(&mut current, Element::begin(tag)));
                }
                Event::Text(text, _) => current.push_text(text),
                Event::End { start, end } => {
                    current.inner.end = start.max(current.inner.start);
                    current.span.end = end;
                    match open.pop() {
                        None => return Ok(current),
                        Some(parent) => {
                            let child = std::mem::replace(&mut current, parent);
                            current.children.push(Node::Element(child));
                        }
                    }
                }
                // The parser gives the end of the file only where no element is open.
                Event::Eof => return Ok(current),
            }
        }
    }
}

impl<'a> Element<'a> {
    fn begin(tag: Tag<'a>) -> Self {
        Self {
            ns: tag.ns,
            local: tag.local,
            attrs: tag.attrs,
            children: Vec::new(),
            span: tag.start..tag.end,
            inner: tag.end..tag.end,
        }
    }

    fn push_text(&mut self, text: Cow<'a, str>) {
        if let Some(Node::Text(last)) = self.children.last_mut() {
            last.to_mut().push_str(&text);
        } else {
            if self.children.is_empty() {
                // Nearly all text is alone in its element.
                self.children.reserve_exact(1);
            }
            self.children.push(Node::Text(text));
        }
    }

    /// The attribute of this name that has no namespace.
    pub(crate) fn attr(&self, local: &str) -> Option<&str> {
        self.attr_in("", local)
    }

    pub(crate) fn attr_in(&self, ns: &str, local: &str) -> Option<&str> {
        attr_in(&self.attrs, ns, local)
    }

    pub(crate) fn is(&self, ns: &str, local: &str) -> bool {
        self.ns == ns && self.local == local
    }

    /// Child elements, text left out.
    pub(crate) fn elements(&self) -> impl Iterator<Item = &Element<'a>> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    pub(crate) fn child(&self, ns: &str, local: &str) -> Option<&Element<'a>> {
        self.elements().find(|element| element.is(ns, local))
    }

    /// The text in it and in all that it holds.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        let mut open = vec![self.children.iter()];
        while let Some(nodes) = open.last_mut() {
            match nodes.next() {
                Some(Node::Text(run)) => text.push_str(run),
                Some(Node::Element(element)) => open.push(element.children.iter()),
                None => {
                    open.pop();
                }
            }
        }
        text
    }
}

pub(crate) fn attr_in<'t>(attrs: &'t [Attr<'_>], ns: &str, local: &str) -> Option<&'t str> {
    attrs
        .iter()
        .find(|attr| attr.local == local && attr.ns == ns)
        .map(|attr| attr.value.as_ref())
}

impl Tag<'_> {
    pub(crate) fn attr(&self, local: &str) -> Option<&str> {
        attr_in(&self.attrs, "", local)
    }
}
