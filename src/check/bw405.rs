//! # BW405 a part that the action does not use, or a target without a part that it needs
//!
//! ## What
//! A line names an action by its full path and fences it by `users in ...` although nothing is done to users (or by `entities ...`
//! although nothing is done to entities); or a question's target does not have exactly the parts that the action is done to.
//!
//! ## Why
//! Such a fence keeps nobody out, but it reads as if it did. And a question about half a target has no exact answer.
//!
//! ## Example
//! ```bw
//! resource courses on entity { write edit }
//! role editor { allow courses.edit on users in finland }   // a course is no user
//! ```
//!
//! ## How to fix
//! Take the part away, or declare in the resource's head what its actions are done to: `on entity, user`.

use crate::diagnostic::{Code, Finding};
use crate::model::Action;
use crate::resolve::target_words;
use crate::source::Span;

/// Its code.
pub const CODE: Code = Code("BW405");

/// A fence in a part that the action does not use.
#[must_use]
pub fn unused_part(action: &Action, named: Span, part: Span, word: &str) -> Finding {
    let what = if word == "entities" { "entities" } else { "users" };
    Finding::fatal(CODE, format!("`{}` is not done to {what}, so `{word} ...` fences nothing", action.path))
        .at(part, "not a part of this action")
        .at(named, "the action")
        .help(format!("take `{word} ...` away, or declare the resource `on` what it is done to"))
}

/// A target that does not fit.
#[must_use]
pub fn wrong_target(action: &Action, words: &str, named: Span) -> Finding {
    Finding::fatal(CODE, format!("the target does not fit `{}`", action.path))
        .at(named, format!("takes {words}"))
        .help(match action.signature {
            crate::model::Signature::Site => "leave the target out".to_owned(),
            signature => format!("write {} after the action", target_words(signature)),
        })
}

/// A target that does not fit an action of a table.
#[must_use]
pub fn target_of(path: &str, signature: crate::model::Signature, target: Span) -> Finding {
    let help = match signature {
        crate::model::Signature::Site => "leave the target out".to_owned(),
        other => format!("write {}", target_words(other)),
    };
    Finding::fatal(CODE, format!("the target does not fit `{path}`"))
        .at(target, format!("`{path}` takes {}", target_words(signature)))
        .help(help)
}

/// A fact that an entity cannot have.
#[must_use]
pub fn not_of_entities(span: Span) -> Finding {
    Finding::fatal(CODE, "an entity has no login, roles or attributes")
        .at(span, "a fact about an account")
        .help("an entity has an `id`, a `unit`, `labels` and `relation`s; attributes go into `user { ... }`")
}
