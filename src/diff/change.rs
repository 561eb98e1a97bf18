//! What a change of policy does, in the words of its answer: a list of statements that a reviewer reads and a program filters.

use serde::Serialize;

use crate::diagnostic::Finding;

/// Everything that the change of a policy does.
#[derive(Debug, Clone, Default)]
pub struct Diff {
    /// Why rights could not be compared: one side has errors. Then there are no changes, and that says nothing.
    pub incomparable: Option<String>,
    /// What accounts and roles gain and lose, the gravest first.
    pub changes: Vec<Change>,
    /// What was declared anew, or no longer is, or has another name.
    pub declared: Vec<Declared>,
    /// Places where the policy's words differ: each is the cause of changes, or of none.
    pub edits: Vec<Edit>,
    /// Lost protections, new ways to more rights, seats: changes beside the rights.
    pub beside: Vec<Beside>,
    /// What is not allowed about the change (`BWT01` and its like), and what could not be decided (`BW009`).
    pub findings: Vec<Finding>,
    /// How many accounts there are before and after, and how many of both the change touches.
    pub accounts: Accounts,
}

/// How many accounts the policies name, and how many of them gain or lose anything.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Accounts {
    /// In the old policy.
    pub before: usize,
    /// In the new policy.
    pub after: usize,
    /// Named by either.
    pub either: usize,
    /// That gain or lose something, or are new or gone.
    pub touched: usize,
}

/// One statement: somebody gains or loses actions on a region of targets, for a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Who.
    pub subject: Subject,
    /// The roles for which it is so as well.
    pub also: Vec<String>,
    /// Gained or lost.
    pub direction: Direction,
    /// The actions, in the order of their paths.
    pub actions: Vec<ActionName>,
    /// On which targets, in the language's words, such as `on users in finland`; empty for everything.
    pub region: String,
    /// When; none for always.
    pub period: Option<Period>,
    /// A target for which it is so, with the day where that matters.
    pub witness: String,
    /// How many named accounts gain or lose it.
    pub accounts: usize,
    /// Some of them, the first by login.
    pub examples: Vec<String>,
    /// All of them, sorted.
    #[serde(skip)]
    pub logins: Vec<String>,
    /// Through which roles; none where it is direct.
    pub through: Vec<String>,
    /// The edits that it comes from, as indices of [`Diff::edits`].
    pub causes: Vec<usize>,
    /// How grave it is.
    pub risk: Risk,
    /// Why it is that grave, in a few words.
    pub reason: String,
}

/// Who gains or loses.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "is", content = "name", rename_all = "kebab-case")]
pub enum Subject {
    /// Whoever holds a role, by it.
    Role(String),
    /// One account.
    Account(String),
    /// Several accounts alike; the statement's examples name them.
    Accounts,
    /// Somebody whom neither policy names, by the roles of a token or by a rule.
    Unnamed,
}

/// Which way it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// The subject could not do it on anything before.
    Gained,
    /// It could on something, and now can on more.
    Widened,
    /// It could on more, and now can on less.
    Narrowed,
    /// It can no more on anything.
    Lost,
}

impl Direction {
    /// Whether it is more than before.
    #[must_use]
    pub const fn is_more(self) -> bool {
        matches!(self, Self::Gained | Self::Widened)
    }
}

/// An action in a statement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ActionName {
    /// Such as `reports.open`.
    pub path: String,
    /// Its kind's keyword: `view`, `write`, `destroy`, `become` or `assign`.
    pub kind: &'static str,
}

/// Days since 1970-01-01, both inclusive; none where there is no bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Period {
    /// The first day.
    pub from: Option<i32>,
    /// The last day.
    pub until: Option<i32>,
}

/// How grave a change is; greater is graver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Risk {
    /// Less than before, or hardly more.
    Low,
    /// More to see, or more to write on few.
    Medium,
    /// More to destroy, to give to others, or to write on everything.
    High,
    /// Taking over accounts, the highest tier, or a protection that is gone.
    Critical,
}

/// Something that was declared anew, or no longer is, or has another name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Declared {
    /// The language's noun: `role`, `account`, `label`, ...
    pub noun: &'static str,
    /// Its name in the old policy; none where it is new.
    pub before: Option<String>,
    /// Its name in the new policy; none where it is gone.
    pub after: Option<String>,
}

/// A place where the policies' words differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Edit {
    /// The declaration that it stands in, such as `role analyst`.
    pub within: String,
    /// What it is about.
    pub about: About,
    /// What the old policy says; none where it said nothing.
    pub before: Option<Said>,
    /// What the new policy says; none where it says nothing.
    pub after: Option<Said>,
    /// Where in a policy it is, for programs.
    #[serde(skip)]
    pub spot: Spot,
}

impl Edit {
    /// Whether rights may depend on it.
    #[must_use]
    pub const fn is_access(&self) -> bool {
        matches!(self.about, About::Access)
    }
}

/// What an edit is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum About {
    /// What decisions are made from.
    Access,
    /// What must hold, and who may ask for changes: nothing is decided by it.
    Governs,
    /// The e-mail address or telephone number of a person, and nothing that a predicate asks for.
    Recovery,
    /// Another fact about a person that no predicate asks for.
    Personal,
    /// A text that is shown, or a reason.
    Text,
}

/// Which statement of which declaration an edit alters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Spot {
    /// The declaration's noun; `role` for profiles too, `admin` for accounts.
    pub noun: &'static str,
    /// Its name: of a label or unit the whole path, of an account the folded login; empty for rules without a name.
    pub name: String,
    /// The name that it had, where that was another.
    pub former: Option<String>,
    /// The kind of statement.
    pub matter: super::items::Matter,
    /// What the statement is about, within its matter.
    pub key: String,
}

/// A statement of a policy and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Said {
    /// Its canonical text.
    pub text: String,
    /// The file as it was given; none where only a compiled table is known.
    pub path: Option<String>,
    /// The line, from 1; 0 where it is not known.
    pub line: usize,
    /// Its place in the sources of its own side.
    #[serde(skip)]
    pub span: Option<crate::source::Span>,
}

/// A change beside the rights of accounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Beside {
    /// What it is.
    pub what: What,
    /// One sentence.
    pub text: String,
    /// How grave it is.
    pub risk: Risk,
    /// The edits that it comes from, as indices of [`Diff::edits`].
    pub causes: Vec<usize>,
}

/// What changes beside the rights of accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// A prohibition or protection holds no longer, or for fewer.
    Protection,
    /// Somebody could come to more by a chain of steps, also where no right of its own changed.
    Escalation,
    /// Seats of a quota that are taken or freed, and what they cost.
    Seats,
}
