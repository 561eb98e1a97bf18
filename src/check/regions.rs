//! Regions that depend on the policy's rules alone, not on who is there: what the checks about roles and fences compare.

use crate::algebra::reach::grants;
use crate::algebra::{Algebra, Diagram, Exact, Lens, Party, Target};
use crate::lower::rights::{Days, Grant};
use crate::model::id::ActionId;

/// The targets to ask for where a role or a fence is spoken of by itself: any account that there could be, and the actor.
pub const WHOEVER: [Target; 2] = [Target::Anyone, Target::Myself];

/// `at` and the days behind it on which one of these periods begins, or has just ended: what holds on them holds on every day.
pub fn starts(days: impl IntoIterator<Item = Days>, at: i32) -> Vec<i32> {
    let mut starts = vec![at];
    for days in days {
        starts.push(days.from);
        starts.extend(days.until.checked_add(1));
    }
    starts.retain(|day| *day >= at);
    starts.sort_unstable();
    starts.dedup();
    starts
}

/// What these grants, of one row, give of an action on the lens's day, with their conditions on the actor.
///
/// # Errors
/// When there are too many cases.
pub fn given(algebra: &mut Algebra<'_>, row: &[Grant], action: ActionId, lens: Lens) -> Exact<Diagram> {
    let mut region = Diagram::FALSE;
    for grant in grants(row, action).iter().filter(|g| g.days.contains(lens.day)) {
        let gate = algebra.node(grant.gate, Party::Actor, lens)?;
        let rect = algebra.ungated(grant, lens)?;
        let both = algebra.and(gate, rect)?;
        region = algebra.or(region, both)?;
    }
    Ok(region)
}
