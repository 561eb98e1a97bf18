//! # BW410 a group that nobody can be in, or everybody is in
//!
//! ## What
//! No account there could be meets the condition of a group; or every one does. What the accounts of today are does not count, only what
//! can be true at once: an account is in one unit, an attribute has one value or none, a closed one no value but those declared. A group
//! that is so because it is built on another such group is not named again.
//!
//! ## Why
//! A fence by such a group gives nothing, or keeps nobody out, and it is not seen in its name. Mostly an `and` should have been an `or`,
//! or a value is misplaced.
//!
//! ## Example
//! ```bw
//! group nordics = country is fi and country is se          // nobody: `or` was meant
//! ```
//!
//! ## How to fix
//! Mend the condition; for everybody write `*`.

use super::regions::WHOEVER;
use super::{Context, bw009};
use crate::algebra::{Actor, Algebra, Diagram, Exact, Lens, Party};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::id::GroupId;
use crate::model::Group;
use crate::region::{NodeId, Pred, Test};

/// Its code.
pub const CODE: Code = Code("BW410");

/// Looks at every group.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    if context.model.incomplete {
        return;
    }
    let groups = &context.model.groups;
    let all: Vec<Exact<Option<bool>>> =
        context.most.groups.iter().map(|node| always(&mut context.algebra_of_most(), *node, context.at)).collect();
    let settled = |id: GroupId| matches!(all[id.index()], Ok(Some(_)));
    for (group, found) in groups.iter().zip(&all) {
        match found {
            Ok(Some(truth)) if !builds_on(&group.pred, &settled) => findings.push(finding(group, *truth)),
            Ok(_) => {}
            Err(_) => {
                let what = format!("anybody can be in `{}`, or everybody is", group.name);
                findings.push(bw009::undecided(CODE, &what, group.span));
            }
        }
    }
}

/// Whether the condition is always true, or never.
fn always(algebra: &mut Algebra<'_>, node: NodeId, at: i32) -> Exact<Option<bool>> {
    let (mut never, mut always) = (true, true);
    for target in WHOEVER {
        let lens = Lens::new(Actor::Holder, target, at);
        let inside = algebra.node(node, Party::User, lens)?;
        let outside = algebra.minus(Diagram::TRUE, inside)?;
        never = never && algebra.is_empty(inside, lens)?;
        always = always && algebra.is_empty(outside, lens)?;
    }
    Ok(if never { Some(false) } else { always.then_some(true) })
}

/// Whether a condition names a group of these. Recursion follows the nesting of conditions, which the language bounds.
fn builds_on(pred: &Pred, settled: &impl Fn(GroupId) -> bool) -> bool {
    match pred {
        Pred::True | Pred::False => false,
        Pred::Test(Test::Group(group)) => settled(*group),
        Pred::Test(_) => false,
        Pred::Not(inner) => builds_on(inner, settled),
        Pred::And(all) | Pred::Or(all) => all.iter().any(|p| builds_on(p, settled)),
    }
}

fn finding(group: &Group, everybody: bool) -> Finding {
    let (message, label, help) = if everybody {
        (format!("everybody is in `{}`", group.name), "always true", "mend the condition; for everybody write `*`")
    } else {
        (format!("nobody can be in `{}`", group.name), "never true", "mend the condition: an `and` may have to be an `or`")
    };
    Finding::new(CODE, Severity::Warning, message).at(group.span, label).help(help)
}
