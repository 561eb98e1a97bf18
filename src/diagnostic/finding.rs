//! A finding: a stable code, a message, labelled places, and what to do.

use std::fmt;

use super::{Fix, Mend};
use crate::source::Span;

/// A stable code such as `BW302`; never reused, never renumbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub &'static str);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// How grave a finding is; greater is graver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Worth mending.
    Warning,
    /// No table is written.
    Error,
}

impl Severity {
    /// The word that messages and options use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A place with a few words on its part in the finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place; perhaps in another file than the finding's own.
    pub span: Span,
    /// What is there, in lower case; may be empty.
    pub text: String,
}

/// Something the compiler has to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Its code.
    pub code: Code,
    /// How grave it is, before the policy's and the command line's settings.
    pub severity: Severity,
    /// Whether the table could not be built all the same: such a finding can be neither lowered nor ignored.
    pub fatal: bool,
    /// One sentence in lower case, with the user's names in backticks.
    pub message: String,
    /// Where; the first is the finding's own place. A finding about the policy as a whole has none.
    pub labels: Vec<Label>,
    /// What to do about it.
    pub help: Option<Box<str>>,
    /// Facts that explain it, a line each.
    pub notes: Vec<String>,
    /// Its one obvious mend, where there is one.
    pub fix: Option<Box<Fix>>,
    /// What it shares with findings about others, so that many of them become one.
    pub alike: Option<Box<Alike>>,
}

/// What findings of one code say about several subjects alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// Of whom this one speaks.
    pub subject: String,
    /// What is said of several, to stand behind their number: "accounts have no name".
    pub text: String,
    /// Of how many more, beside the subject, this finding speaks.
    pub more: usize,
}

impl Finding {
    /// A finding without a place.
    #[must_use]
    pub fn new(code: Code, severity: Severity, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            code,
            severity,
            fatal: false,
            message,
            labels: vec![],
            help: None,
            notes: vec![],
            fix: None,
            alike: None,
        }
    }

    /// An error that nothing can lower, since no table can be built with it.
    #[must_use]
    pub fn fatal(code: Code, message: impl Into<String>) -> Self {
        Self { fatal: true, ..Self::new(code, Severity::Error, message) }
    }

    /// Adds a place; the first one added is the finding's own.
    #[must_use]
    pub fn at(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into().into_boxed_str());
        self
    }

    /// Says what alone would mend it; `title` says it in a few words.
    #[must_use]
    pub fn fix(mut self, title: impl Into<String>, mend: Mend) -> Self {
        self.fix = Some(Box::new(Fix { title: title.into(), mend, edits: vec![], safety: None }));
        self
    }

    /// Says that another name was meant where these are the ones that come near and there is only one of them.
    #[must_use]
    pub fn meant(self, span: Span, near: &[&str]) -> Self {
        match near {
            [one] => self.fix(format!("write `{one}`"), Mend::Name(span, (*one).to_owned())),
            _ => self,
        }
    }

    /// Adds a fact.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Lets many findings that say the same of different subjects become one; `text` stands behind their number.
    #[must_use]
    pub fn alike(mut self, subject: &str, text: impl Into<String>) -> Self {
        self.alike = Some(Box::new(Alike { subject: subject.to_owned(), text: text.into(), more: 0 }));
        self
    }

    /// The finding's own place.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        self.labels.first().map(|l| l.span)
    }
}

/// The collecting list that every phase writes to.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    list: Vec<Finding>,
}

impl Findings {
    /// An empty list.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a finding.
    pub fn push(&mut self, finding: Finding) {
        self.list.push(finding);
    }

    /// Adds all of another list.
    pub fn extend(&mut self, other: Self) {
        self.list.extend(other.list);
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The findings so far.
    pub fn iter(&self) -> impl Iterator<Item = &Finding> {
        self.list.iter()
    }

    /// Whether any of them is fatal.
    #[must_use]
    pub fn any_fatal(&self) -> bool {
        self.list.iter().any(|f| f.fatal)
    }

    /// Whether any of them is an error.
    #[must_use]
    pub fn any_error(&self) -> bool {
        self.list.iter().any(|f| f.severity == Severity::Error)
    }

    /// The findings in order: by file and place, then by code and message; the same one only once.
    #[must_use]
    pub fn sorted(mut self) -> Vec<Finding> {
        self.list.sort_by(|a, b| {
            let key = |f: &Finding| (f.span().is_none(), f.span(), f.code);
            key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
        });
        self.list.dedup();
        self.list
    }
}

impl IntoIterator for Findings {
    type Item = Finding;
    type IntoIter = std::vec::IntoIter<Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

impl FromIterator<Finding> for Findings {
    fn from_iter<I: IntoIterator<Item = Finding>>(iter: I) -> Self {
        Self { list: iter.into_iter().collect() }
    }
}
