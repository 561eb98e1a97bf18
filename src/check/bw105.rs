//! # BW105 a name that is not declared
//!
//! ## What
//! A line names a role, resource, action, label, group, attribute, value, feature, unit, relation, tier or account that no file of
//! the policy declares; or a name that could mean several units or labels; or a role that cannot be named there.
//!
//! ## Why
//! A mistyped name in a grant gives nothing, and in a `forbid` it protects nobody. Neither may pass in silence.
//!
//! ## Example
//! ```bw
//! role analyst { allow report.open }     // the resource is called `reports`
//! ```
//!
//! ## How to fix
//! Write the name as it is declared (the nearest ones are suggested), or declare it.

use crate::diagnostic::{Code, Finding, Mend};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{Kind, Name, Path};
use crate::text::{did_you_mean, quoted_list};

/// Its code.
pub const CODE: Code = Code("BW105");

/// The statements of an `admin` block: no attribute may bear such a name.
pub const ADMIN_KEYWORDS: [&str; 15] = [
    "login", "name", "email", "phone", "id", "photo", "unit", "labels", "profile", "role", "scope", "allow", "valid",
    "inactive", "active",
];

/// Adds what to do about a name that is not known, at the place where it alone stands.
fn suggest<'a>(finding: Finding, wrong: &Name, what: &str, known: impl IntoIterator<Item = &'a str>) -> Finding {
    let known: Vec<&str> = known.into_iter().collect();
    let near = did_you_mean(&wrong.node, known.iter().copied());
    finding.help(advice(&near, what, known)).meant(wrong.span, &near)
}

fn advice(near: &[&str], what: &str, known: Vec<&str>) -> String {
    if !near.is_empty() {
        return format!("did you mean {}?", quoted_list(near.iter().copied(), "or"));
    }
    if (1..=12).contains(&known.len()) {
        let mut known = known;
        known.sort_unstable();
        known.dedup();
        if let [only] = known[..] {
            return format!("declare it, or use `{only}`, the only one declared");
        }
        return format!("declare it, or use one of {}", quoted_list(known, "or"));
    }
    format!("declare the {what}, or write the name of one that is declared")
}

/// A name that its namespace does not have.
#[must_use]
pub fn undeclared<'a>(what: &str, name: &Name, known: impl IntoIterator<Item = &'a str>) -> Finding {
    let finding = Finding::fatal(CODE, format!("there is no {what} `{}`", name.node));
    suggest(finding.at(name.span, "not declared in this policy"), name, what, known)
}

/// A code that does not exist.
#[must_use]
pub fn unknown_code<'a>(code: &Name, known: impl IntoIterator<Item = &'a str>) -> Finding {
    let near = did_you_mean(&code.node, known);
    let help = match near.is_empty() {
        true => "`bailiwick codes` lists them".to_owned(),
        false => {
            format!("did you mean {}? `bailiwick codes` lists them all", quoted_list(near.iter().copied(), "or"))
        }
    };
    let finding = Finding::fatal(CODE, format!("there is no code `{}`", code.node));
    finding.at(code.span, "no finding has this code").help(help).meant(code.span, &near)
}

/// A path of a label or unit that leads nowhere.
#[must_use]
pub fn undeclared_path<'a>(what: &str, path: &Path, known: impl IntoIterator<Item = &'a str>) -> Finding {
    let written: Vec<&str> = path.names.iter().map(|n| n.node.as_str()).collect();
    let finding = Finding::fatal(CODE, format!("there is no {what} `{}`", written.join(".")))
        .at(path.span, "not declared in this policy");
    let mut known: Vec<&str> = known.into_iter().collect();
    known.sort_unstable();
    match path.names.last() {
        Some(last) if known.contains(&last.node.as_str()) => {
            finding.help(format!("there is a {what} `{}`, but not below those names", last.node))
        }
        Some(last) => suggest(finding, last, what, known),
        None => finding,
    }
}

/// A path that several nodes answer to.
#[must_use]
pub fn ambiguous<'a>(what: &str, path: &Path, paths: impl IntoIterator<Item = &'a str>) -> Finding {
    let written: Vec<&str> = path.names.iter().map(|n| n.node.as_str()).collect();
    Finding::fatal(CODE, format!("`{}` could be more than one {what}", written.join(".")))
        .at(path.span, "ambiguous")
        .help(format!("write {}", quoted_list(paths, "or")))
}

/// An action that its resource does not have.
#[must_use]
pub fn undeclared_action<'a>(
    name: &Name,
    resource: Option<&str>,
    siblings: impl IntoIterator<Item = &'a str>,
) -> Finding {
    let message = match resource {
        Some(resource) => format!("the resource `{resource}` has no action `{}`", name.node),
        None => format!("there is no action `{}`", name.node),
    };
    suggest(Finding::fatal(CODE, message).at(name.span, "not declared in this policy"), name, "action", siblings)
}

/// A path that is neither a resource nor an action.
#[must_use]
pub fn not_an_action(path: &Path) -> Finding {
    let written: Vec<&str> = path.names.iter().map(|n| n.node.as_str()).collect();
    Finding::fatal(CODE, format!("`{}` names no action", written.join(".")))
        .at(path.span, "an action is `resource.action`")
        .help("write the resource and the action with one dot between them; quote a name that has a dot in it")
}

/// `view courses` where the resource has no view action.
#[must_use]
pub fn no_such_kind(resource: &Name, kind: Kind, span: Span) -> Finding {
    let kind = kind_word(kind);
    Finding::fatal(CODE, format!("the resource `{}` has no action of kind `{kind}`", resource.node))
        .at(span, "names no action")
        .help("leave the kind out to name the whole resource, or name one of its actions")
}

/// `view courses.create` where that action is of another kind.
#[must_use]
pub fn not_of_kind(path: &Path, kind: &Spanned<Kind>, actual: Kind) -> Finding {
    let written: Vec<&str> = path.names.iter().map(|n| n.node.as_str()).collect();
    let (wrong, actual) = (kind_word(kind.node), kind_word(actual));
    Finding::fatal(CODE, format!("`{}` is of kind `{actual}`, not `{wrong}`", written.join(".")))
        .at(kind.span, "not its kind")
        .help("leave the kind out: the path names the action already")
        .fix(format!("leave `{wrong}` out"), Mend::Words(before(kind.span, path.span), String::new()))
}

/// The first place and what stands between it and the second.
const fn before(first: Span, second: Span) -> Span {
    Span { end: second.start, ..first }
}

/// The keyword of a kind.
#[must_use]
pub const fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::View => "view",
        Kind::Write => "write",
        Kind::Destroy => "destroy",
        Kind::Become => "become",
        Kind::Assign => "assign",
    }
}

/// A value that a closed attribute does not have.
#[must_use]
pub fn undeclared_value(attribute: &str, value: &Name, values: &[String]) -> Finding {
    let finding = Finding::fatal(CODE, format!("the attribute `{attribute}` has no value `{}`", value.node));
    suggest(finding.at(value.span, "not one of its values"), value, "value", values.iter().map(String::as_str))
}

/// A role that is presented although it may not be.
#[must_use]
pub fn not_by_claim(name: &Name, declared: Option<Span>) -> Finding {
    let text = format!("the role `{}` cannot be presented by an account that is not named", name.node);
    let finding = Finding::fatal(CODE, text).at(name.span, "presented here");
    let finding = match declared {
        Some(span) => finding.at(span, "declared without `by claim`"),
        None => finding,
    };
    finding.help("mark the role `by claim` if a token may carry it, or name an admin who holds it")
}
