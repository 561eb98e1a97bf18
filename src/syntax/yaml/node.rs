//! What a YAML file says, before anybody asks what it means: maps, lists and scalars with their places.

use std::borrow::Cow;
use std::ops::Range;

use granit_parser::ScalarStyle;

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Node<'t> {
    /// Its bytes in the source.
    pub(super) range: Range<usize>,
    pub(super) kind: Kind<'t>,
}

/// The three shapes of YAML.
#[derive(Debug, Clone)]
pub(super) enum Kind<'t> {
    Scalar(Scalar<'t>),
    List(Vec<Node<'t>>),
    /// Keys are scalars; they stay in order, and may be repeated.
    Map(Vec<Entry<'t>>),
    /// Something that has been reported already.
    Broken,
}

/// A key and its value.
#[derive(Debug, Clone)]
pub(super) struct Entry<'t> {
    pub(super) key: Node<'t>,
    pub(super) value: Node<'t>,
}

/// A text: YAML's numbers, dates, `no` and `on` are texts too.
#[derive(Debug, Clone)]
pub(super) struct Scalar<'t> {
    pub(super) text: Cow<'t, str>,
    pub(super) style: ScalarStyle,
    /// Nothing was written, or one of YAML's words for nothing.
    pub(super) null: bool,
}

impl Node<'_> {
    /// The text of a scalar, of a key above all.
    pub(super) fn text(&self) -> &str {
        match &self.kind {
            Kind::Scalar(scalar) => &scalar.text,
            _ => "",
        }
    }

    /// Whether nothing is said here.
    pub(super) fn is_null(&self) -> bool {
        matches!(&self.kind, Kind::Scalar(Scalar { null: true, .. }))
    }

    /// How a message names it.
    pub(super) fn shown(&self) -> &'static str {
        match &self.kind {
            Kind::Scalar(scalar) if scalar.null => "nothing",
            Kind::Scalar(_) => "a text",
            Kind::List(_) => "a list",
            Kind::Map(_) | Kind::Broken => "a map",
        }
    }

    /// How much a copy of it takes, and how deep it is; as far as `most`.
    pub(super) fn weight(&self, most: usize) -> (usize, usize) {
        let (mut weight, mut deep) = (1, 1);
        let mut add = |node: &Self| {
            if weight <= most {
                let (more, deeper) = node.weight(most);
                weight += more;
                deep = deep.max(deeper + 1);
            }
        };
        match &self.kind {
            Kind::Scalar(scalar) => return (1 + scalar.text.len(), 1),
            Kind::List(items) => items.iter().for_each(add),
            Kind::Map(entries) => entries.iter().for_each(|entry| {
                add(&entry.key);
                add(&entry.value);
            }),
            Kind::Broken => {}
        }
        (weight, deep)
    }
}
