//! Roles and profiles, resolved.

use super::ActionSet;
use super::id::{FeatureId, RoleId, TierId};
use crate::lower::rights::Days;
use crate::region::{Pred, Scope};
use crate::source::{Span, Spanned};

/// A role or profile.
#[derive(Debug, Clone)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// Declared with `profile`.
    pub profile: bool,
    /// Its titles: (language, text).
    pub labels: Vec<(Option<String>, Spanned<String>)>,
    /// Its documentation.
    pub doc: Option<String>,
    /// `super`.
    pub superuser: bool,
    /// `ungrantable`.
    pub ungrantable: bool,
    /// `by claim`.
    pub by_claim: Option<Span>,
    /// `spare`.
    pub spare: bool,
    /// `primary`.
    pub primary: bool,
    /// `read only`: the actions of another kind that it may hold all the same.
    pub read_only: Option<ActionSet>,
    /// The tier it declares.
    pub tier: Option<Spanned<TierId>>,
    /// The roles whose holders alone may hold it.
    pub needs: Vec<Spanned<RoleId>>,
    /// The conditions on all of it.
    pub when: Vec<Gate>,
    /// The fence on all of it.
    pub scope: Option<Spanned<Scope>>,
    /// What it takes from other roles.
    pub extends: Vec<Extends>,
    /// What it gives, `assigns` included.
    pub allows: Vec<Allow>,
    /// What it takes away from what it gives.
    pub excepts: Vec<Except>,
    /// What it must not give.
    pub nevers: Vec<Except>,
    /// How many may hold it.
    pub holders: Vec<HolderLimit>,
    /// Where its name is declared.
    pub span: Span,
}

/// A condition on a role or a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gate {
    /// The feature is on.
    Feature(FeatureId, Span),
    /// The actor is in the group.
    ActorIn(Pred, Span),
}

/// `extends R on S`.
#[derive(Debug, Clone)]
pub struct Extends {
    /// The role.
    pub role: RoleId,
    /// The fence on what comes from it.
    pub on: Scope,
    /// The statement in its canonical text.
    pub text: String,
    /// Where the role is named.
    pub span: Span,
}

/// `allow A on S when ... from ... until ...`, in a role or an admin.
#[derive(Debug, Clone)]
pub struct Allow {
    /// The actions, without what they imply.
    pub actions: ActionSet,
    /// Whether it was written with `assigns`.
    pub assigns: bool,
    /// The fence on this line.
    pub on: Scope,
    /// Conditions.
    pub when: Vec<Gate>,
    /// The days it is valid.
    pub days: Days,
    /// Why.
    pub reason: Option<String>,
    /// The statement in its canonical text.
    pub text: String,
    /// The statement.
    pub span: Span,
}

/// `except A on S`, `never A on S`.
#[derive(Debug, Clone)]
pub struct Except {
    /// The actions.
    pub actions: ActionSet,
    /// Where.
    pub on: Scope,
    /// The statement in its canonical text.
    pub text: String,
    /// The statement.
    pub span: Span,
}

/// `holders at least 1, at most 2 per unit`.
#[derive(Debug, Clone)]
pub struct HolderLimit {
    /// At least so many.
    pub least: Option<u32>,
    /// At most so many.
    pub most: Option<u32>,
    /// Counted by the holder's own unit.
    pub per_unit: bool,
    /// The statement.
    pub span: Span,
}
