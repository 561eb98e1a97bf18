//! The accounts that a policy names.

use std::sync::Arc;

use super::Allow;
use super::id::{AttributeId, LabelId, RoleId, UnitId};
use crate::lower::rights::Days;
use crate::region::{Scope, Value};
use crate::source::{Span, Spanned};

/// An account.
#[derive(Debug, Clone)]
pub struct Account {
    /// The name of its block.
    pub block: String,
    /// The login, folded: the account's key.
    pub login: String,
    /// The login as written.
    pub login_written: Spanned<String>,
    /// The person's names.
    pub name: Option<String>,
    /// `email`.
    pub email: Option<Spanned<String>>,
    /// `phone`.
    pub phone: Option<Spanned<String>>,
    /// `id`.
    pub id: Option<Spanned<String>>,
    /// `photo`.
    pub photo: Option<String>,
    /// `unit`.
    pub unit: Option<Spanned<UnitId>>,
    /// `labels`, sorted.
    pub labels: Vec<LabelId>,
    /// Declared attributes that are set, sorted; built-in ones are the fields above.
    pub attributes: Vec<FactValue>,
    /// Roles and profile, each with its own fence and days.
    pub assignments: Vec<Assignment>,
    /// `scope`: the fence on everything.
    pub scope: Option<Box<Spanned<Scope>>>,
    /// Direct allows.
    pub allows: Vec<Allow>,
    /// `valid`.
    pub valid: Days,
    /// Not `inactive`.
    pub active: bool,
    /// Where its name is declared.
    pub span: Span,
}

impl Account {
    /// The name under which it publishes: the given names, or `Administrator`.
    #[must_use]
    pub fn signature(&self) -> &str {
        self.name.as_deref().filter(|n| !n.trim().is_empty()).unwrap_or("Administrator")
    }
}

/// An attribute and its value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FactValue {
    /// The attribute.
    pub attribute: AttributeId,
    /// Its value.
    pub value: Value,
}

/// A role given to an account.
#[derive(Debug, Clone)]
pub struct Assignment {
    /// The role or profile.
    pub role: RoleId,
    /// The fence on it; rows of a table that say the same share it.
    pub on: Arc<Scope>,
    /// The days it is valid.
    pub days: Days,
    /// Why.
    pub reason: Option<String>,
    /// The statement in its canonical text.
    pub text: Arc<str>,
    /// Where the role is named.
    pub span: Span,
}
