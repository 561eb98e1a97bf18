//! Rules that stand beside roles and people: prohibitions, automatic rules, what must hold, tests.

use super::ActionSet;
use super::id::{AccountId, FeatureId, LabelId, RelationId, RoleId, TierId, UnitId};
use crate::lower::rights::Days;
use crate::region::{Pred, Scope};
use crate::source::{Span, Spanned};

/// `users in G hold R on S`.
#[derive(Debug, Clone)]
pub struct Automatic {
    /// Who.
    pub users: Pred,
    /// What they hold.
    pub role: RoleId,
    /// The fence on it.
    pub on: Scope,
    /// The statement in its canonical text.
    pub text: String,
    /// Where the role is named.
    pub span: Span,
}

/// `forbid A on S for W unless X`.
#[derive(Debug, Clone)]
pub struct Forbid {
    /// The actions, without those that imply them.
    pub actions: ActionSet,
    /// Where.
    pub on: Scope,
    /// For whom.
    pub subjects: Pred,
    /// But not for these.
    pub unless: Pred,
    /// The statement in its canonical text.
    pub text: String,
    /// The statement.
    pub span: Span,
}

/// A set of subjects, as `never`, `always` and `exception` name it.
#[derive(Debug, Clone)]
pub struct Subjects {
    /// Any of these.
    pub items: Vec<Spanned<Subject>>,
    /// But none of these.
    pub except: Vec<Spanned<Subject>>,
    /// All of it.
    pub span: Span,
}

/// One item of a set of subjects.
#[derive(Debug, Clone)]
pub enum Subject {
    /// `holders of R`.
    Holders(RoleId),
    /// `users in G` and its like.
    Users(Pred),
    /// `admin aino`.
    Account(AccountId),
    /// `tier viewer`.
    Tier(TierId),
    /// `role manager`: its own grants.
    Role(RoleId),
    /// `self`.
    Myself,
    /// `everyone`, `*`.
    Everyone,
}

/// `quota at most N ...`.
#[derive(Debug, Clone)]
pub struct Quota {
    /// The limit.
    pub most: u32,
    /// What is counted.
    pub of: Vec<QuotaItem>,
    /// Inactive and expired accounts count too.
    pub counting_all: bool,
    /// The excess is billed, not refused.
    pub soft: bool,
    /// (hundredths of the currency's unit, the currency's code).
    pub price: Option<(u64, String)>,
    /// The statement.
    pub span: Span,
}

/// What a quota counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuotaItem {
    /// Accounts of this tier.
    Tier(TierId),
    /// Holders of this role.
    Role(RoleId),
    /// Accounts in this unit or below.
    Unit(UnitId),
}

/// `separate A from B`.
#[derive(Debug, Clone)]
pub struct Separate {
    /// One side.
    pub left: Side,
    /// The other.
    pub right: Side,
    /// The statement.
    pub span: Span,
}

/// One side of a separation.
#[derive(Debug, Clone)]
pub enum Side {
    /// Actions.
    Actions(ActionSet),
    /// A role.
    Role(RoleId),
}

/// `never W can A on S`, `always W can A on S`.
#[derive(Debug, Clone)]
pub struct Assertion {
    /// `always`.
    pub always: bool,
    /// Who.
    pub subjects: Subjects,
    /// What.
    pub actions: ActionSet,
    /// Where.
    pub on: Scope,
    /// The statement.
    pub span: Span,
}

/// `exception "name" for W may change ... until ... reason ...`.
#[derive(Debug, Clone)]
pub struct Exception {
    /// Its name.
    pub name: String,
    /// Who.
    pub subjects: Subjects,
    /// What they may request: `personal`, `access`, `recovery`.
    pub changes: Vec<String>,
    /// How long.
    pub days: Days,
    /// Why.
    pub reason: Option<String>,
    /// The statement.
    pub span: Span,
}

/// `transfer R from A to B`.
#[derive(Debug, Clone)]
pub struct Transfer {
    /// The role.
    pub role: RoleId,
    /// Its former holder, by the name of the block; may be gone.
    pub from: Spanned<String>,
    /// Its new holder.
    pub to: Spanned<AccountId>,
    /// Why.
    pub reason: Option<String>,
    /// The statement.
    pub span: Span,
}

/// What the policy says about the severity of codes.
#[derive(Debug, Clone, Default)]
pub struct Lints {
    /// `lint CODE LEVEL`, in the order of the sources.
    pub levels: Vec<(Spanned<String>, LintLevel)>,
    /// `ignore CODE "reason"` and the range of the declaration it silences.
    pub ignores: Vec<(Spanned<String>, Span)>,
}

/// What a `lint` line sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LintLevel {
    /// Not reported.
    Off,
    /// Reported at this severity.
    At(crate::diagnostic::Severity),
}

/// A test of the policy by itself.
#[derive(Debug, Clone)]
pub struct Test {
    /// Its title.
    pub name: String,
    /// The day of its questions; today when none is written.
    pub at: Option<i32>,
    /// Features set for its questions only.
    pub with: Vec<(FeatureId, bool)>,
    /// Its questions.
    pub lines: Vec<TestLine>,
    /// Where its title is.
    pub span: Span,
}

/// One line of a test: each action must be decided so.
#[derive(Debug, Clone)]
pub struct TestLine {
    /// Who asks.
    pub actor: TestActor,
    /// `can`.
    pub can: bool,
    /// The actions.
    pub actions: ActionSet,
    /// The line also says that somebody cannot give an ungrantable role, which has no action: nobody can.
    pub ungrantable: bool,
    /// On what.
    pub target: TestTarget,
    /// The line.
    pub span: Span,
}

/// Who asks a question.
#[derive(Debug, Clone)]
pub enum TestActor {
    /// An account that the policy names.
    Account(AccountId),
    /// An account known by its claims and facts.
    Claims {
        /// The roles it presents.
        roles: Vec<RoleId>,
        /// Its facts.
        facts: TestFacts,
    },
}

/// What a question is about. All parts none: the whole site.
#[derive(Debug, Clone, Default)]
pub struct TestTarget {
    /// `entity { ... }`.
    pub entity: Option<TestFacts>,
    /// `user { ... }`.
    pub user: Option<TestFacts>,
    /// `account { ... }`.
    pub account: Option<TestFacts>,
}

/// The facts of a party. What is not set is absent.
#[derive(Debug, Clone, Default)]
pub struct TestFacts {
    /// `login`, folded.
    pub login: Option<String>,
    /// Attributes, built-in ones (but `login`) included; none for a value outside a closed attribute, which makes it unknown.
    pub attributes: Vec<(crate::model::id::AttributeId, Option<crate::region::Value>)>,
    /// `unit`.
    pub unit: Option<UnitId>,
    /// `labels`; none when the line does not speak of them.
    pub labels: Option<Vec<LabelId>>,
    /// The relations that lead from the actor to it.
    pub relations: Vec<RelationId>,
    /// The roles it presents; none when the line does not speak of them.
    pub roles: Option<Vec<RoleId>>,
}
