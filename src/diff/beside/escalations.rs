//! New ways to more rights: what an account could come to by a chain of steps, and could not in the old policy.

use super::Found;
use crate::algebra::potential::{Gain, How, Who};
use crate::check::{Context, bwt11, escalation};
use crate::diff::change::{Beside, Risk, What};
use crate::diff::transition::Transition;
use crate::diff::{Dependencies, Whose};
use crate::syntax::ast::Kind;

/// One for each account whose own rights change; of the others the finding `BWT11` tells.
pub(super) fn opened(transition: &Transition<'_>, causes: Option<&Dependencies<'_>>, found: &mut Found) {
    let opening = transition.opening();
    if opening.gains.is_empty() && opening.undecided.is_empty() {
        return;
    }
    let Some(new) = transition.new.context(transition.at) else { return };
    for it in opening.gains.iter().filter(|it| !it.unchanged) {
        let account = &new.model.accounts[it.account.index()];
        let action = &new.model.actions[it.gain.action.index()];
        let steps = escalation::told(new.model, new.most, &it.gain.chain).join(", then ");
        let end = escalation::who(new.model, it.gain.who);
        let path = &action.path;
        let doubt = escalation::doubt(&it.gain).map_or(String::new(), |doubt| format!(" ({doubt})"));
        found.beside.push(Beside {
            what: What::Escalation,
            text: format!(
                "`{}` could come to `{path}`, which it does not have: {steps}, and {end} may use `{path}`{doubt}",
                account.block
            ),
            risk: if action.kind == Kind::Become { Risk::Critical } else { Risk::High },
            causes: causes.map(|known| causes_of(&new, &it.gain, known)).unwrap_or_default(),
        });
    }
    let of_changed = opening.undecided.iter().filter(|(_, unchanged)| !unchanged);
    found.undecided.extend(of_changed.map(|(account, _)| bwt11::undecided(&new, *account)));
}

/// The edits that a step, or the right at the end, depends on.
fn causes_of(new: &Context<'_>, gain: &Gain, known: &Dependencies<'_>) -> Vec<usize> {
    let path = |action: crate::model::id::ActionId| new.model.actions[action.index()].path.as_str();
    let mut found: Vec<usize> = vec![];
    let mut add = |who: Who, action: &str| {
        let Some(account) = who else { return };
        let more = known.causes(Whose::Account(&new.model.accounts[account.index()].login), action);
        more.into_iter().for_each(|edit| {
            if !found.contains(&edit) {
                found.push(edit)
            }
        });
    };
    for step in &gain.chain {
        add(step.by, path(step.action));
    }
    add(gain.who, path(gain.action));
    for step in &gain.chain {
        if let How::Give(role) = &step.how {
            let name = &new.model.roles[role.index()].name;
            let more = known.causes(Whose::Role(name), path(gain.action));
            more.into_iter().for_each(|edit| {
                if !found.contains(&edit) {
                    found.push(edit)
                }
            });
        }
    }
    found
}
