//! The one obvious mend of a finding: what is to be done, and the same as edits of the sources.

use crate::source::Span;

/// What a finding would have its reader write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, in a few words: "write `reports.open`".
    pub title: String,
    /// What is to be done, in terms of the language; a check says this.
    pub mend: Mend,
    /// The same as edits that do not overlap, in the order of their places; `fix::settle` finds them, since they depend on the form.
    pub edits: Vec<Edit>,
    /// Whether the rights stay as they are; only known where somebody has compared them.
    pub safety: Option<Safety>,
}

impl Mend {
    /// The place that it speaks of.
    #[must_use]
    pub const fn span(&self) -> Span {
        match self {
            Self::Name(span, _) | Self::Words(span, _) => *span,
            Self::Statement(span) | Self::Flag(span) | Self::Fence(span) | Self::Item(span) => *span,
        }
    }
}

/// A place and what is to stand there instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The bytes that go; none where something is only added.
    pub span: Span,
    /// What comes in their place.
    pub text: String,
}

/// What is to be done, whatever the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mend {
    /// Another name in place of the one here.
    Name(Span, String),
    /// Other words, or none, in place of these; bare in both forms.
    Words(Span, String),
    /// The statement or declaration goes that has this place, or whose name stands there.
    Statement(Span),
    /// The word of a declaration's head goes, or the key that says the same.
    Flag(Span),
    /// The fence goes from the assignment whose role stands here.
    Fence(Span),
    /// The item goes out of the list that it stands in.
    Item(Span),
}

/// Whether a fix leaves the rights as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Safety {
    /// It was shown that it does.
    Safe,
    /// It does not, or nobody could show that it does.
    Unsafe,
}

impl Safety {
    /// The word that programs read.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
        }
    }
}

/// Whether no two of these edits touch the same bytes, or insert at the same place. They are in the order of their places then.
#[must_use]
pub fn apart(edits: &mut [Edit]) -> bool {
    edits.sort_by_key(|edit| edit.span);
    edits.windows(2).all(|pair| match pair {
        [a, b] => a.span.source != b.span.source || (a.span.end <= b.span.start && a.span != b.span),
        _ => true,
    })
}
