//! # BW402 a fence that is cut by an outer one
//!
//! ## What
//! The fence on an assignment, or on a line, reaches beyond the `scope` of its block in a part that both restrict, and the two overlap:
//! it gives less than it says. This is told where both ask for the same kind of fact: the same attribute, units or labels of one tree,
//! the same relation. Fences about different things (a country and a department) are left alone: who nests them wants both to hold.
//!
//! ## Why
//! Fences on one way intersect. The line says "the nordics", and within a scope of Finland it means Finland.
//!
//! ## Example
//! ```bw
//! admin aino { scope users in finns; role operator on users in nordics }
//! ```
//!
//! ## How to fix
//! Narrow the inner fence to what is meant, or widen the scope.

use super::{Context, bw009};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::lower::rights::Nested;

/// Its code.
pub const CODE: Code = Code("BW402");

/// Looks at every fence that stands within another one.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    if context.model.incomplete {
        return;
    }
    for (nested, parts) in context.most.nested.iter().zip(context.nested()) {
        match parts {
            Ok(parts) => {
                for lie in parts.iter().flatten().filter(|lie| lie.meet && lie.alike) {
                    if let Some(outside) = &lie.outside {
                        findings.push(finding(nested, outside));
                    }
                }
            }
            Err(_) => findings.push(bw009::undecided(CODE, "this fence is cut by the scope around it", nested.inner_span)),
        }
    }
}

fn finding(nested: &Nested, outside: &str) -> Finding {
    Finding::new(CODE, Severity::Warning, "this fence reaches beyond the scope around it, which cuts it")
        .at(nested.inner_span, "gives less than it says")
        .at(nested.outer_span, "cut by this scope")
        .note(format!("nothing is given on {outside}"))
        .help("narrow it to what is meant, or widen the scope")
}
