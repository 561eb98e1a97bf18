//! Whether what is asserted holds: what the checks of `never` and `always` share.

use super::Context;
use crate::algebra::reach::grants;
use crate::algebra::{Actor, Algebra, Diagram, Exact, Lens, Party, Turns, Witness};
use crate::lower::rights::{Asserted, AssertedRow, OriginId, Row, RowId};
use crate::model::id::{AccountId, ActionId, RoleId};

/// For whom an assertion does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breaker {
    /// An account of the policy.
    Account(AccountId),
    /// Somebody whom the policy does not name.
    Anybody,
    /// The holder of a role, by the role's own grants.
    Role(RoleId),
}

/// A case in which an assertion does not hold.
#[derive(Debug, Clone)]
pub struct Breach {
    /// For whom.
    pub who: Breaker,
    /// Which action.
    pub action: ActionId,
    /// On which day, the first such from the day of the check on.
    pub day: i32,
    /// On what.
    pub witness: Witness,
    /// The `allow` that gives it, where it is an account that should not have it.
    pub source: Option<OriginId>,
}

/// The breaches of every assertion of the policy as written; none of what is asserted elsewhere.
pub(super) fn of_all(context: &Context<'_>) -> Vec<Exact<Vec<Breach>>> {
    let of = |row: &AssertedRow| match row.what {
        Asserted::Rule(index) => {
            breaches(&mut context.algebra(), row, context.model.assertions[index].always, context.at)
        }
        _ => Ok(vec![]),
    };
    context.rights.asserted.iter().map(of).collect()
}

/// The first breach of an assertion for each that breaks it.
///
/// # Errors
/// When there are too many cases.
pub fn breaches(algebra: &mut Algebra<'_>, row: &AssertedRow, always: bool, at: i32) -> Exact<Vec<Breach>> {
    let mut found = vec![];
    let rights = algebra.rights;
    let gives = |of: &Row| row.actions.iter().any(|action| !grants(&of.grants, *action).is_empty());
    let gives: Vec<bool> = rights.rows.iter().map(gives).collect();
    for index in 0..algebra.model.accounts.len() {
        let account = AccountId::new(index);
        // Whoever has no way to any of the actions, whatever the fences, breaks nothing.
        let has_any = || rights.accounts[index].assignments.iter().any(|way| gives[way.row.0 as usize]);
        if !always && !has_any() {
            continue;
        }
        let days = algebra.moments(account, at);
        found.extend(first(algebra, row, always, Breaker::Account(account), &days)?);
    }
    let days = algebra.moments_of_rows(at);
    found.extend(first(algebra, row, always, Breaker::Anybody, &days)?);
    for role in &row.roles {
        found.extend(first(algebra, row, always, Breaker::Role(*role), &days)?);
    }
    Ok(found)
}

fn first(
    algebra: &mut Algebra<'_>,
    row: &AssertedRow,
    always: bool,
    who: Breaker,
    days: &[i32],
) -> Exact<Option<Breach>> {
    let actor = match who {
        Breaker::Account(account) => Actor::Account(account),
        Breaker::Anybody => Actor::Anybody,
        Breaker::Role(_) => Actor::Holder,
    };
    let mut days = Turns::of(days);
    while let Some(day) = days.next(algebra) {
        for action in row.actions.iter().copied() {
            let signature = algebra.signature(action);
            for target in algebra.targets(signature, actor) {
                let lens = Lens::new(actor, target, day);
                let region = breaking(algebra, row, always, who, action, lens)?;
                if let Some(witness) = algebra.witness(region, signature, lens)? {
                    let source = match who {
                        Breaker::Account(account) if !always => algebra.source(account, action, region, lens)?,
                        _ => None,
                    };
                    return Ok(Some(Breach { who, action, day, witness, source: source.map(|(_, allow)| allow) }));
                }
            }
        }
    }
    Ok(None)
}

/// Where the assertion does not hold for an actor.
fn breaking(
    algebra: &mut Algebra<'_>,
    row: &AssertedRow,
    always: bool,
    who: Breaker,
    action: ActionId,
    lens: Lens,
) -> Exact<Diagram> {
    let member = match who {
        Breaker::Role(_) => Diagram::TRUE,
        Breaker::Account(account) if !algebra.is_acting(account, lens.day) => Diagram::FALSE,
        _ => algebra.node(row.actors, Party::Actor, lens)?,
    };
    if member == Diagram::FALSE {
        return Ok(member);
    }
    let has = match who {
        Breaker::Role(role) => algebra.row(RowId(role.0), action, lens)?,
        _ => algebra.allowed(action, lens)?,
    };
    let there = algebra.rect(row.rect, algebra.signature(action), lens)?;
    let spoken_of = algebra.and(member, there)?;
    if always { algebra.minus(spoken_of, has) } else { algebra.and(spoken_of, has) }
}
