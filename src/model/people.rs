//! The accounts that a policy names.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use smol_str::SmolStr;

use super::id::{AttributeId, LabelId, RoleId, UnitId};
use super::units::Units;
use super::{Allow, Model};
use crate::lower::rights::Days;
use crate::region::{Pred, Scope, Test, Value};
use crate::source::{Span, Spanned};
use crate::syntax::print::{path_word, word};

/// An account. There may be millions, most of which have a login and roles and nothing else: what is left stands apart (`Person`).
#[derive(Debug, Clone)]
pub struct Account {
    /// The name of its block.
    pub block: SmolStr,
    /// The login, folded: the account's key.
    pub login: SmolStr,
    /// Roles and profile, each with its own fence and days.
    pub assignments: Vec<Assignment>,
    /// `valid`.
    pub valid: Days,
    /// Not `inactive`.
    pub active: bool,
    /// Where its name is declared.
    pub span: Span,
    /// What else is said of it; none where nothing is.
    person: Option<Box<Person>>,
}

/// What is said of an account beside its login, its roles and its days; an [`Account`] has it as if it were its own.
#[derive(Debug, Clone, Default)]
pub struct Person {
    /// The login as written, where that is not the name of the block.
    pub own_login: Option<Box<Spanned<String>>>,
    /// The person's names.
    pub name: Option<String>,
    /// `email`.
    pub email: Option<Box<Spanned<String>>>,
    /// `phone`.
    pub phone: Option<Box<Spanned<String>>>,
    /// `id`.
    pub id: Option<Box<Spanned<String>>>,
    /// `photo`.
    pub photo: Option<String>,
    /// `unit`.
    pub unit: Option<Spanned<UnitId>>,
    /// `labels`, sorted.
    pub labels: Vec<LabelId>,
    /// Declared attributes that are set, sorted; built-in ones are the fields above.
    pub attributes: Vec<FactValue>,
    /// `scope`: the fence on everything.
    pub scope: Option<Box<Spanned<Scope>>>,
    /// Direct allows.
    pub allows: Vec<Allow>,
}

/// One of whom nothing is said.
static NOBODY: Person = Person {
    own_login: None,
    name: None,
    email: None,
    phone: None,
    id: None,
    photo: None,
    unit: None,
    labels: vec![],
    attributes: vec![],
    scope: None,
    allows: vec![],
};

impl Deref for Account {
    type Target = Person;

    fn deref(&self) -> &Person {
        self.person.as_deref().unwrap_or(&NOBODY)
    }
}

impl DerefMut for Account {
    fn deref_mut(&mut self) -> &mut Person {
        self.person.get_or_insert_default()
    }
}

impl Account {
    /// An account of which nothing but the login is known: as the name of its block, and folded.
    #[must_use]
    pub fn bare(block: SmolStr, login: SmolStr, span: Span) -> Self {
        Self { block, login, assignments: vec![], valid: Days::ALWAYS, active: true, span, person: None }
    }

    /// Whether nothing is said of it but its login, its roles and its days.
    #[must_use]
    pub const fn is_bare(&self) -> bool {
        self.person.is_none()
    }

    /// The login as written, and where.
    #[must_use]
    pub fn login_written(&self) -> (&str, Span) {
        self.own_login.as_ref().map_or((&self.block, self.span), |login| (&login.node, login.span))
    }

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
    /// The fence on it.
    pub on: On,
    /// The days it is valid.
    pub days: Days,
    /// The statement in its canonical text; none where that follows from the rest ([`Assignment::text`]).
    pub said: Option<Arc<String>>,
    /// Where the role is named.
    pub span: Span,
}

/// The fence on an assignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum On {
    /// Nothing is written.
    Everywhere,
    /// `on entities in unit a, in unit b`, or `on users in a, b` with units alone, each by its own name.
    Units {
        /// Whether it is on users.
        users: bool,
        /// The units, as written.
        units: Units,
    },
    /// Anything else; rows of a table that say the same share it.
    Scope(Arc<Scope>),
}

impl On {
    /// The scope that it is.
    #[must_use]
    pub fn scope(&self) -> Cow<'_, Scope> {
        match self {
            Self::Everywhere => Cow::Owned(Scope::default()),
            Self::Scope(scope) => Cow::Borrowed(scope),
            Self::Units { users, units } => {
                let any = Pred::Or(units.as_slice().iter().map(|unit| Pred::Test(Test::Unit(*unit))).collect());
                Cow::Owned(match users {
                    true => Scope { users: Some(any), entities: None },
                    false => Scope { entities: Some(any), users: None },
                })
            }
        }
    }
}

impl Assignment {
    /// The statement in its canonical text, such as `role operator on users in finns`.
    #[must_use]
    pub fn text<'a>(&'a self, model: &'a Model) -> Cow<'a, str> {
        if let Some(said) = &self.said {
            return Cow::Borrowed(said);
        }
        let mut text = format!("role {}", word(&model.roles[self.role.index()].name));
        if let On::Units { users, units } = &self.on {
            let (before, between) =
                if *users { (" on users in ", ", ") } else { (" on entities in unit ", ", in unit ") };
            for (number, unit) in units.as_slice().iter().enumerate() {
                text.push_str(if number == 0 { before } else { between });
                text.push_str(&path_word(&model.units.nodes[unit.index()].name));
            }
        }
        Cow::Owned(text)
    }

    /// Which of two stands first: the one whose text does.
    #[must_use]
    pub fn in_order(&self, other: &Self, model: &Model) -> Ordering {
        if self.said.is_none() && other.said.is_none() {
            // Roles are numbered in the order of their names, and none of these needs quotes: what may follow a name stands before
            // every character of one.
            let by_name = self.role.cmp(&other.role);
            if by_name.is_ne() {
                return by_name;
            }
        }
        self.text(model).cmp(&other.text(model))
    }
}
