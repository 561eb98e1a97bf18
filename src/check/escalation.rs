//! Who could come to more than it has: what the checks of delegation share, computed once.

use std::collections::BTreeMap;

use crate::algebra::potential::{Gain, How, Step, Who};
use crate::algebra::{Algebra, Exact, Turns, Witness};
use crate::lower::rights::{OriginId, Rights};
use crate::model::Model;
use crate::model::id::{AccountId, ActionId, RoleId};

use super::Context;

/// A role that somebody may give although it has more than the giver.
#[derive(Debug)]
pub struct Amplified {
    /// Who gives.
    pub account: AccountId,
    /// By which action.
    pub power: ActionId,
    /// The role.
    pub role: RoleId,
    /// The right that the giver has not.
    pub action: ActionId,
    /// On what.
    pub witness: Witness,
    /// The line that lets it give.
    pub origin: Option<OriginId>,
    /// The first such day.
    pub day: i32,
}

/// What was found, and the accounts for which something could not be decided.
#[derive(Debug, Default)]
pub struct Escalation {
    /// Roles that give more than the giver has, in the order of the accounts, as all that follows.
    pub amplified: Vec<Amplified>,
    /// Rights that an account could come to: the first of each, with the day.
    pub gains: Vec<(AccountId, Gain, i32)>,
    /// Accounts that may change their own scope or roles: by which action, on which day.
    pub own: Vec<(AccountId, ActionId, i32)>,
    /// Accounts about which something is unknown.
    pub undecided: Vec<AccountId>,
}

/// Looks at every account that reaches others and is no active holder of the super role, with every feature on.
///
/// Quadratic in accounts where many may act as many: whoever is reached is one of the account's steps. Accounts without such rights cost
/// a look at what they have.
#[must_use]
pub fn analyse(context: &Context<'_>) -> Escalation {
    let mut found = Escalation::default();
    let days = context.algebra_of_most().moments_of_all(context.at);
    let algebra = context.algebra_of_most();
    let holders = algebra.holders_of(algebra.powers());
    drop(algebra);
    for account in holders {
        let mut unknown = false;
        let mut days = Turns::of(&days);
        let algebra = &mut *context.algebra_of_most();
        while let Some(day) = days.next(algebra) {
            let acts = algebra.is_acting(account, day) && !algebra.is_root(account, day);
            let held = if acts { algebra.ways_to_others(account, day) } else { vec![] };
            if !held.is_empty() && one(algebra, &mut found, account, &held, day).is_err() {
                unknown = true;
                algebra.ask_again();
            }
        }
        if unknown {
            found.undecided.push(account);
        }
    }
    found
}

/// One account on one day; what was found on an earlier day is not looked for again.
fn one(
    algebra: &mut Algebra<'_>,
    found: &mut Escalation,
    account: AccountId,
    held: &[ActionId],
    day: i32,
) -> Exact<()> {
    let mut given: BTreeMap<RoleId, ActionId> = BTreeMap::new();
    for power in held {
        algebra.begin();
        if algebra.reaches_others(account, *power, day)? {
            for how in algebra.outcomes(*power) {
                if let How::Give(role) = how {
                    given.entry(role).or_insert(*power);
                }
            }
        }
        let changes = &algebra.model.actions[power.index()].changes;
        let own = changes.iter().any(|c| c == "scope" || c == "roles");
        if own
            && !found.own.iter().rev().take_while(|(a, ..)| *a == account).any(|(_, p, _)| p == power)
            && algebra.reaches_itself(account, *power, day)?
        {
            found.own.push((account, *power, day));
        }
    }
    for (role, power) in given {
        algebra.begin();
        // What is known of this account stands last.
        let mut known = found.amplified.iter().rev().take_while(|a| a.account == account);
        if known.any(|a| a.role == role) {
            continue;
        }
        if let Some((action, witness)) = algebra.amplifies(account, power, role, day)? {
            let origin = algebra.origin_of(account, power, day);
            found.amplified.push(Amplified { account, power, role, action, witness, origin, day });
        }
    }
    algebra.begin();
    if found.gains.last().is_none_or(|(a, ..)| *a != account)
        && let Some(gain) = algebra.gain(account, day)?
    {
        found.gains.push((account, gain, day));
    }
    Ok(())
}

/// Somebody in words: an account by its name.
#[must_use]
pub fn who(model: &Model, who: Who) -> String {
    who.map_or_else(
        || "somebody whom the policy does not name".to_owned(),
        |a| format!("`{}`", model.accounts[a.index()].block),
    )
}

/// What is to be said of a gain that is possible and not certain.
#[must_use]
pub fn doubt(gain: &Gain) -> Option<&'static str> {
    const DOUBT: &str =
        "possible, not certain: no order of these steps was found in which none takes away what a later one needs";
    (!gain.certain).then_some(DOUBT)
}

/// A chain, a line a step: "`aino` may log in as `bo` by `accounts.login_as`".
#[must_use]
pub fn told(model: &Model, rights: &Rights, chain: &[Step]) -> Vec<String> {
    let step = |step: &Step| {
        let (by, on) = (who(model, step.by), who(model, step.on));
        let on = if step.by == step.on { "itself".to_owned() } else { on };
        let path = &model.actions[step.action.index()].path;
        let what = match &step.how {
            How::Become => format!("{by} can act as {on} by `{path}`"),
            How::Give(role) => format!("{by} gives {on} the role `{}` by `{path}`", model.roles[role.index()].name),
            How::Free(facts) => {
                let facts = crate::text::quoted_list(facts.iter().map(String::as_str), "and");
                format!("{by} changes {facts} of {on} by `{path}`")
            }
            How::Unscope => format!("{by} takes the scope of {on} away by `{path}`"),
        };
        match step.origin {
            Some(origin) => format!("{what} ({})", rights.text(origin, model)),
            None => what,
        }
    };
    chain.iter().map(step).collect()
}
