//! # BW110 a word that does not fit its place
//!
//! ## What
//! Everything on the line is declared, but it cannot be combined so: a number test on a text, a relation where no target is near, a
//! `self` where nobody acts, a role's own grants where an actor is asked for.
//!
//! ## Why
//! Such a line has no meaning that could be computed, and guessing one would give or take rights.
//!
//! ## Example
//! ```bw
//! relation manages on user
//! group leads = manages             // a relation leads from an actor to a target; a group is about one account
//! ```
//!
//! ## How to fix
//! As the finding says; mostly the idea belongs in a `scope` or behind `on`.

use crate::diagnostic::{Code, Finding};
use crate::source::Span;
use crate::syntax::ast::Name;

/// Its code.
pub const CODE: Code = Code("BW110");

/// `on account, user`.
#[must_use]
pub fn account_stands_alone(span: Span) -> Finding {
    Finding::fatal(CODE, "`account` stands alone: such a target is judged by the user part and the entity part at once")
        .at(span, "more than `account`")
        .help("write `on account`, or `on entity, user` for actions that are done to one of each")
}

/// A relation where one account is described by itself.
#[must_use]
pub fn relation_in_group(name: &Name) -> Finding {
    let text = format!("the relation `{}` leads from an actor to a target, so it describes no account by itself", name.node);
    Finding::fatal(CODE, text)
        .at(name.span, "a relation")
        .help(format!("use it where there is a target: `on users in {}`", name.node))
}

/// A relation on users among entities, or the reverse.
#[must_use]
pub fn relation_on_other_side(name: &Name, on_users: bool, declared: Span) -> Finding {
    let (here, there) = if on_users { ("users", "entities") } else { ("entities", "users") };
    Finding::fatal(CODE, format!("the relation `{}` leads to {there}, not to {here}", name.node))
        .at(name.span, format!("used among {here}"))
        .at(declared, "declared here")
        .help("declare it `on user, entity` if it leads to both")
}

/// `self` or `own unit` where the actor itself is described.
#[must_use]
pub fn relative_actor(span: Span) -> Finding {
    Finding::fatal(CODE, "`self` and `own unit` are relative to the actor, who is being described here")
        .at(span, "relative to whom?")
        .help("name a group, a unit or `holders of ROLE`")
}

/// `for role R` in a `forbid`.
#[must_use]
pub fn role_as_actor(name: &Name, span: Span) -> Finding {
    Finding::fatal(CODE, "a `forbid` speaks of those who act, and `role` names a role's own grants")
        .at(span, "not an actor")
        .help(format!("write `holders of {}`", name.node))
}

/// `level is many`.
#[must_use]
pub fn not_a_number(attribute: &str, value: &Name) -> Finding {
    Finding::fatal(CODE, format!("`{}` is no whole number, and the attribute `{attribute}` holds numbers", value.node))
        .at(value.span, "not a number")
        .help("write digits, with `-` before them for a negative number")
}

/// `level starts with "a"`.
#[must_use]
pub fn text_test_on_number(attribute: &str, text: &Name) -> Finding {
    Finding::fatal(CODE, format!("the attribute `{attribute}` holds numbers, which have no beginning, end or parts"))
        .at(text.span, "a test of text")
        .help("use `is`, `in`, `at least` or `at most`")
}

/// `department at least 3`.
#[must_use]
pub fn number_test_on_other(attribute: &str, number: &Name) -> Finding {
    Finding::fatal(CODE, format!("the attribute `{attribute}` holds no numbers, so nothing is more or less"))
        .at(number.span, "a test of numbers")
        .help(format!("declare `attribute {attribute} number` if it is one, or use `is` or `in`"))
}

/// `resource accounts { assign owner }`.
#[must_use]
pub fn assign_is_built_in(name: &Name) -> Finding {
    Finding::fatal(CODE, "a resource declares no actions of kind `assign`: every role that may be given has one by itself")
        .at(name.span, "declared as `assign`")
        .help("take it away; `assigns ROLE` in a role, or the action `assign.ROLE`, gives the right to give a role")
}

/// `lint BW311 quiet`.
#[must_use]
pub fn not_a_level(level: &Name) -> Finding {
    Finding::fatal(CODE, format!("`{}` is no severity", level.node))
        .at(level.span, "not a severity")
        .help("write `off`, `note`, `warning` or `error`")
}
