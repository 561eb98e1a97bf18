//! A YAML file as it is laid out: entries with their comments.

/// A comment in a line of its own.
#[derive(Debug, Clone)]
pub(in crate::syntax) struct Remark {
    /// From `#` on.
    pub(in crate::syntax) text: String,
    /// Whether an empty line stands before it.
    pub(in crate::syntax) blank: bool,
}

impl Remark {
    /// A remark that stands alone.
    pub(in crate::syntax) fn alone(text: impl Into<String>) -> Self {
        Self { text: text.into(), blank: false }
    }
}

/// An entry of a map, or an item of a list.
#[derive(Debug, Clone, Default)]
pub(in crate::syntax) struct Entry {
    /// The comments before it.
    pub(in crate::syntax) before: Vec<Remark>,
    /// Whether an empty line stands before it, behind the comments.
    pub(in crate::syntax) blank: bool,
    /// None for an item of a list.
    pub(in crate::syntax) key: Option<Text>,
    /// Anchors and tags.
    pub(in crate::syntax) properties: String,
    pub(in crate::syntax) value: Value,
    /// The comment behind it; for one of several lines, behind the first.
    pub(in crate::syntax) tail: Option<String>,
}

/// A scalar.
#[derive(Debug, Clone)]
pub(in crate::syntax) enum Text {
    /// Any text, which is quoted where it must be.
    Said(String),
    /// A word, or anything in one line that is written as it stands.
    Written(String),
}

/// What stands behind a key, or in a list.
#[derive(Debug, Clone, Default)]
pub(in crate::syntax) enum Value {
    /// Nothing.
    #[default]
    Nothing,
    /// A text in one line.
    Text(Text),
    /// A text of several lines: what stands behind the key, and the lines below, without the indentation that they share.
    Lines(String, Vec<String>),
    /// A list, or a map.
    Entries(Entries),
}

/// The entries of a list or a map.
#[derive(Debug, Clone, Default)]
pub(in crate::syntax) struct Entries {
    pub(in crate::syntax) list: bool,
    /// In brackets, if it fits into the line.
    pub(in crate::syntax) short: bool,
    pub(in crate::syntax) entries: Vec<Entry>,
    /// The comments behind the last entry.
    pub(in crate::syntax) end: Vec<Remark>,
}

impl Entries {
    /// Whether no map in it has a key twice, which YAML forbids.
    pub(in crate::syntax) fn has_unique_keys(&self) -> bool {
        let mut keys: Vec<&str> = self.entries.iter().filter_map(|entry| entry.key.as_ref()).map(Text::text).collect();
        keys.sort_unstable();
        let inner = |entry: &Entry| !matches!(&entry.value, Value::Entries(it) if !it.has_unique_keys());
        keys.windows(2).all(|pair| pair[0] != pair[1]) && self.entries.iter().all(inner)
    }
}

impl Text {
    fn text(&self) -> &str {
        match self {
            Self::Said(text) | Self::Written(text) => text,
        }
    }
}

impl Value {
    /// A text that is quoted where it must be.
    pub(in crate::syntax) fn said(text: impl Into<String>) -> Self {
        Self::Text(Text::Said(text.into()))
    }

    /// A word of the form itself.
    pub(in crate::syntax) fn word(word: impl Into<String>) -> Self {
        Self::Text(Text::Written(word.into()))
    }

    /// A text that may have several lines.
    pub(in crate::syntax) fn prose(text: &str) -> Self {
        let hidden = |c: char| c != '\n' && super::scalar::must_be_escaped(c);
        let odd = text.starts_with([' ', '\n']) || text.ends_with([' ', '\n']) || text.contains(" \n");
        if !text.contains('\n') || odd || text.contains(hidden) {
            return Self::said(text);
        }
        Self::Lines("|-".to_owned(), text.split('\n').map(str::to_owned).collect())
    }

    /// A map with an entry a line.
    pub(in crate::syntax) fn map(entries: Vec<Entry>) -> Self {
        Self::Entries(Entries { entries, ..Entries::default() })
    }

    /// A map in braces, if it fits.
    pub(in crate::syntax) fn short_map(entries: Vec<Entry>) -> Self {
        Self::Entries(Entries { entries, short: true, ..Entries::default() })
    }

    /// A list with an item a line.
    pub(in crate::syntax) fn list(entries: Vec<Entry>) -> Self {
        Self::Entries(Entries { entries, list: true, ..Entries::default() })
    }

    /// A list in brackets, if it fits.
    pub(in crate::syntax) fn short_list(values: impl IntoIterator<Item = Self>) -> Self {
        let entries = values.into_iter().map(Entry::item).collect();
        Self::Entries(Entries { entries, list: true, short: true, ..Entries::default() })
    }
}

impl Entry {
    /// An item of a list.
    pub(in crate::syntax) fn item(value: Value) -> Self {
        Self { value, ..Self::default() }
    }

    /// An entry whose key is a word of the form.
    pub(in crate::syntax) fn word(key: &str, value: Value) -> Self {
        Self { key: Some(Text::Written(key.to_owned())), value, ..Self::default() }
    }

    /// An entry whose key is a name.
    pub(in crate::syntax) fn named(key: &str, value: Value) -> Self {
        Self { key: Some(Text::Said(key.to_owned())), value, ..Self::default() }
    }
}
