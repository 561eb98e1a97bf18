//! Prohibitions and protections that hold no longer, or for less.
//!
//! A `forbid` of the old policy is lost when no `forbid` of the new one takes away at least what it did: as many actions, wherever it did, from
//! whomever it did. That is judged by what is written, part by part; so what is reported may be kept by several others together, and what is
//! not reported is kept.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Policy;
use super::change::{Beside, Edit, Risk, What};
use super::sorted;
use super::view::View;
use crate::model::{Forbid, Model};
use crate::source::Span;
use crate::syntax::ast::{self, DeclKind};

/// Every prohibition that is gone, or that holds for less; `edits` are those of both policies.
#[must_use]
pub fn protections(old: &Policy<'_>, new: &Policy<'_>, edits: &[Edit]) -> Vec<Beside> {
    let (before, after) = (View::new(old), View::new(new));
    let (olds, news) = (forbids(&before), forbids(&after));
    let same: FxHashSet<&str> = news.iter().map(|forbid| forbid.text.as_str()).collect();
    let altered = olds.iter().filter(|forbid| !same.contains(forbid.text.as_str()));
    let lost = altered.filter(|forbid| !news.iter().any(|other| other.covers(forbid, &after.model)));
    lost.map(|forbid| {
        let edit = edits.iter().position(|edit| {
            let said = edit.before.as_ref();
            edit.spot.noun == "forbid" && said.is_some_and(|said| said.text == forbid.text)
        });
        let now = edit.and_then(|edit| edits[edit].after.as_ref());
        let text = match now {
            Some(now) => format!("`{}` holds for less: it is `{}` now", forbid.text, now.text),
            None => format!("`{}` holds no longer", forbid.text),
        };
        Beside { what: What::Protection, text, risk: Risk::Critical, causes: edit.into_iter().collect() }
    })
    .collect()
}

/// A prohibition by its parts.
struct Parts {
    text: String,
    /// The paths of the actions that it names.
    actions: BTreeSet<String>,
    /// Where; none for everywhere.
    users: Option<String>,
    entities: Option<String>,
    /// For whom; none for everyone.
    subjects: Option<String>,
    /// But not for these; none for nobody.
    unless: Option<String>,
}

fn forbids(view: &View<'_>) -> Vec<Parts> {
    let resolved: FxHashMap<Span, &Forbid> = view.model.forbids.iter().map(|it| (it.span, it)).collect();
    let decls = view.decls().filter_map(|decl| match &decl.kind {
        DeclKind::Forbid(forbid) => Some((forbid, decl.span)),
        _ => None,
    });
    decls
        .filter_map(|(forbid, span)| {
            let resolved = resolved.get(&span)?;
            let actions = resolved.actions.iter().map(|a| view.model.actions[a.index()].path.clone()).collect();
            Some(Parts::of(forbid, actions))
        })
        .collect()
}

impl Parts {
    fn of(forbid: &ast::Forbid, actions: BTreeSet<String>) -> Self {
        let forbid = sorted::forbid(forbid);
        let on = forbid.on.as_ref();
        let users = on.and_then(|on| on.users.as_ref()).map(ToString::to_string).filter(|users| users != "*");
        let entities = on.and_then(|on| on.entities.as_ref()).map(ToString::to_string).filter(|all| all != "*");
        let subjects = forbid.subjects.as_ref().map(ToString::to_string);
        Self {
            text: forbid.to_string(),
            actions,
            users,
            entities,
            subjects: subjects.filter(|all| !matches!(all.as_str(), "*" | "everyone")),
            unless: forbid.unless.as_ref().map(ToString::to_string),
        }
    }

    /// Whether this takes away at least what another did. Actions that are declared no longer need no prohibition.
    fn covers(&self, other: &Self, model: &Model) -> bool {
        let wider = |own: &Option<String>, others: &Option<String>| own.is_none() || own == others;
        let there = |path: &&String| model.action(path).is_some();
        other.actions.iter().filter(there).all(|path| self.actions.contains(path))
            && wider(&self.users, &other.users)
            && wider(&self.entities, &other.entities)
            && wider(&self.subjects, &other.subjects)
            && wider(&self.unless, &other.unless)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::edits;
    use crate::diff::testing::Written;

    const BASE: &str = "platform p { super none }\nresponsible \"c\"\nresource accounts on account { view list; destroy delete; become login_as }\n\
                        role boss { allow accounts.list }\nrole chief { allow accounts.list }\n";

    fn lost(old: &str, new: &str) -> Vec<String> {
        let (old, new) = (format!("{BASE}{old}"), format!("{BASE}{new}"));
        let (old, new) = (Written::new(&[("p.bw", &old)]), Written::new(&[("p.bw", &new)]));
        let found = edits(&old.policy(), &new.policy());
        protections(&old.policy(), &new.policy(), &found).into_iter().map(|beside| beside.text).collect()
    }

    #[test]
    fn what_is_kept_in_other_words_is_not_lost() {
        let old = "forbid accounts.delete, accounts.login_as on users in holders of boss unless self";
        assert_eq!(
            lost(old, "forbid accounts.login_as, accounts.delete on users in holders of boss unless self"),
            Vec::<String>::new()
        );
        assert_eq!(lost(old, "forbid accounts on users in holders of boss"), Vec::<String>::new());
        assert_eq!(lost("forbid accounts.delete for everyone", "forbid accounts.delete"), Vec::<String>::new());
        assert_eq!(lost("", "forbid accounts.delete"), Vec::<String>::new());
    }

    #[test]
    fn what_holds_for_less_is_lost() {
        let old = "forbid accounts.delete on users in holders of boss";
        assert_eq!(lost(old, ""), ["`forbid accounts.delete on users in holders of boss` holds no longer"]);
        for new in [
            "forbid accounts.delete on users in holders of boss unless self",
            "forbid accounts.delete on users in holders of boss for holders of chief",
            "forbid accounts.delete on users in holders of chief",
        ] {
            let wanted = format!("`{old}` holds for less: it is `{new}` now");
            assert_eq!(lost(old, new), [wanted]);
        }
        assert_eq!(lost(old, "forbid accounts.login_as on users in holders of boss").len(), 1);
    }
}
