//! # BWT06 new access to privileged actions
//!
//! ## What
//! An account or a role gains, or gains on more targets, an action of kind `become`, `destroy` or `assign`, or one that the last of several
//! tiers alone covers. Under `bailiwick diff --fail-on privileged` it is an error, but for changes that are expected.
//!
//! ## Why
//! These are the rights that can do most harm, and that lead to others. Whoever reviews a change should not have to look for them.
//!
//! ## Example
//! ```bw
//! role editor { allow courses, accounts.delete }      // `accounts.delete` is new
//! ```
//!
//! ## How to fix
//! If it is meant, let somebody agree to it. Otherwise take the action out, or fence it.

use crate::diagnostic::{Code, Finding, Severity};
use crate::diff::Policy;
use crate::diff::change::{Change, Edit, Subject};
use crate::diff::view::View;

/// Its code.
pub const CODE: Code = Code("BWT06");

/// A finding for each change that is more than before and has such an action; `edits` are those that the changes come from.
#[must_use]
pub fn findings(changes: &[Change], edits: &[Edit], new: &Policy<'_>) -> Vec<Finding> {
    let view = View::new(new);
    let all = super::privilege::privileged(&view.model);
    let is = |path: &str| view.model.action(path).is_some_and(|action| all.contains(action.index()));
    let more = changes.iter().filter(|change| change.direction.is_more());
    more.filter_map(|change| {
        let paths: Vec<&str> = change.actions.iter().map(|it| it.path.as_str()).filter(|path| is(path)).collect();
        (!paths.is_empty()).then(|| gained(change, &paths, edits))
    })
    .collect()
}

fn gained(change: &Change, paths: &[&str], edits: &[Edit]) -> Finding {
    let who = match &change.subject {
        Subject::Role(name) if change.also.is_empty() => format!("the role `{name}`"),
        Subject::Role(name) => {
            let all = std::iter::once(name).chain(&change.also).map(String::as_str);
            format!("each of the roles {}", crate::text::quoted_list(all, "and"))
        }
        Subject::Account(login) => format!("`{login}`"),
        Subject::Accounts => {
            let all = crate::text::quoted_list(change.logins.iter().map(String::as_str), "and");
            format!("each of the accounts {all}")
        }
        Subject::Unnamed => "somebody whom the policy does not name".to_owned(),
    };
    let what = crate::text::quoted_list(paths.iter().copied(), "and");
    let region = if change.region.is_empty() { String::new() } else { format!(" {}", change.region) };
    let mut finding = Finding::new(CODE, Severity::Warning, format!("{who} gains the privileged {what}{region}"));
    let places = change.causes.iter().filter_map(|index| edits.get(*index)?.after.as_ref()?.span);
    for span in places.take(3) {
        finding = finding.at(span, "by this");
    }
    finding.help("if it is meant, have it agreed to; otherwise take the action out, or fence it")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::change::{ActionName, Direction, Risk};
    use crate::diff::edits;
    use crate::diff::testing::Written;

    fn change(subject: Subject, direction: Direction, paths: &[&str], causes: Vec<usize>) -> Change {
        let name = |path: &&str| ActionName { path: (*path).to_owned(), kind: "view" };
        Change {
            subject,
            direction,
            actions: paths.iter().map(name).collect(),
            also: vec![],
            region: "on users in self".to_owned(),
            period: None,
            witness: String::new(),
            accounts: 1,
            examples: vec![],
            logins: vec![],
            through: vec![],
            causes,
            risk: Risk::High,
            reason: String::new(),
        }
    }

    #[test]
    fn what_is_privileged_and_more_is_told_at_its_cause() {
        let old = "resource accounts on account { view list; destroy delete }\nrole r { allow accounts.list }";
        let new = old.replace("accounts.list }", "accounts }");
        let (old, new) = (Written::new(&[("p.bw", old)]), Written::new(&[("p.bw", &new)]));
        let found = edits(&old.policy(), &new.policy());
        let role = Subject::Role("r".to_owned());
        let changes = [
            change(role.clone(), Direction::Gained, &["accounts.delete", "accounts.list"], vec![0, 1]),
            change(role.clone(), Direction::Lost, &["accounts.delete"], vec![]),
            change(role, Direction::Widened, &["accounts.list"], vec![]),
        ];
        let said = findings(&changes, &found, &new.policy());
        let messages: Vec<&str> = said.iter().map(|f| f.message.as_str()).collect();
        assert_eq!(messages, ["the role `r` gains the privileged `accounts.delete` on users in self"]);
        assert_eq!(said[0].labels.len(), 1, "{found:?}");
    }
}
