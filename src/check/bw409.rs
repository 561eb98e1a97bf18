//! # BW409 a label without use
//!
//! ## What
//! Nothing speaks of a label: no fence, rule, condition, requirement or test names it, one above it or one below it, and no account bears
//! one of them. Of a tree without use only the uppermost label is told. Or an account bears a label and another one above it.
//!
//! ## Why
//! A label that no rule names decides nothing, whatever bears it. Whoever bears a label bears those above it: to write both says one of
//! them twice.
//!
//! ## Example
//! ```bw
//! label region { nordics { fi } }
//! label draft                                   // and nothing says `labelled draft`
//! admin pat { role analyst; labels fi, nordics }
//! ```
//!
//! ## How to fix
//! Delete the label, or write the rule that it was made for. Of two labels of one account keep the lower one.

use super::Context;
use super::crowd::Crowd;
use crate::diagnostic::{Code, Finding, Findings, Mend, Severity};
use crate::model::id::LabelId;
use crate::model::{Account, Allow, Except, Gate, Model, Subject, Subjects, TestActor, TestFacts};
use crate::region::{Pred, Scope, Test};

/// Its code.
pub const CODE: Code = Code("BW409");

/// Looks at every label and at every account that bears some.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let model = context.model;
    if !model.incomplete && !model.labels.nodes.is_empty() {
        let mentioned = Mentioned::in_model(model).0;
        for (node, tree) in unused(model, &mentioned) {
            let message = format!("nothing speaks of the label `{}`", model.labels.short_name(node));
            let more = tree - node as usize - 1;
            let place = if more == 0 { "decides nothing" } else { "decides nothing, nor do the labels below it" };
            let (span, name) = (model.labels.nodes[node as usize].span, model.labels.short_name(node));
            let title = if more == 0 { "delete the label" } else { "delete the labels of" };
            findings.push(
                Finding::new(CODE, Severity::Note, message)
                    .at(span, place)
                    .fix(format!("{title} `{name}`"), Mend::Statement(span))
                    .help("delete it, or write the rule that it was made for: `... on entities labelled ...`")
                    .alike(name, "labels are not spoken of by anything"),
            );
        }
    }
    let mut crowd = Crowd::new(model);
    for account in &model.accounts {
        if let Some((above, below)) = doubled(model, account) {
            crowd.tell(account, (above, below), || twice(model, account, above, below));
        }
    }
    crowd.finish(findings);
}

/// The uppermost labels without use: (label, one past the last below it).
fn unused(model: &Model, mentioned: &[bool]) -> Vec<(u32, usize)> {
    let nodes = &model.labels.nodes;
    let (mut found, mut next) = (vec![], 0usize);
    // In the order of the walk a node stands before those below it.
    let mut above: Vec<bool> = vec![false; nodes.len()];
    while next < nodes.len() {
        let (node, end) = (next, nodes[next].end as usize);
        above[node] = mentioned[node] || nodes[node].parent.is_some_and(|p| above[p as usize]);
        if !above[node] && !mentioned[node..end].contains(&true) {
            found.push((u32::try_from(node).unwrap_or(u32::MAX), end));
            next = end;
        } else {
            next += 1;
        }
    }
    found
}

/// A label of the account, and another one of it below that.
fn doubled(model: &Model, account: &Account) -> Option<(LabelId, LabelId)> {
    // Labels are sorted in the order of the walk, so a label directly follows the nearest one above it that is borne.
    let pairs = account.labels.windows(2);
    let mut hit = pairs.filter_map(|pair| match pair {
        [a, b] if a != b && model.labels.within(b.0, a.0) => Some((*a, *b)),
        _ => None,
    });
    hit.next()
}

fn twice(model: &Model, account: &Account, above: LabelId, below: LabelId) -> Finding {
    let (above, below) = (model.labels.short_name(above.0), model.labels.short_name(below.0));
    Finding::new(CODE, Severity::Note, format!("`{}` bears `{below}`, and `{above}` as well, which stands above it", account.block))
        .at(account.span, format!("bears `{above}` anyway"))
        .help(format!("take `{above}` away: whoever bears `{below}` bears it too"))
        .alike(&account.block, format!("accounts bear `{below}`, and `{above}` as well, which stands above it"))
}

/// The labels that a policy speaks of, by their ids.
struct Mentioned(Vec<bool>);

impl Mentioned {
    fn in_model(model: &Model) -> Self {
        let mut all = Self(vec![false; model.labels.nodes.len()]);
        model.groups.iter().for_each(|g| all.pred(&g.pred));
        for role in &model.roles {
            role.scope.iter().for_each(|s| all.scope(&s.node));
            role.extends.iter().for_each(|e| all.scope(&e.on));
            role.allows.iter().for_each(|a| all.allow(a));
            role.excepts.iter().chain(&role.nevers).for_each(|e: &Except| all.scope(&e.on));
            role.when.iter().for_each(|g| all.gate(g));
        }
        for rule in &model.automatic {
            all.pred(&rule.users);
            all.scope(&rule.on);
        }
        for forbid in &model.forbids {
            all.scope(&forbid.on);
            all.pred(&forbid.subjects);
            all.pred(&forbid.unless);
        }
        for assertion in &model.assertions {
            all.scope(&assertion.on);
            all.subjects(&assertion.subjects);
        }
        model.exceptions.iter().for_each(|e| all.subjects(&e.subjects));
        model.accounts.iter().for_each(|a| all.account(a));
        for line in model.tests.iter().flat_map(|t| &t.lines) {
            if let TestActor::Claims { facts, .. } = &line.actor {
                all.facts(facts);
            }
            [&line.target.entity, &line.target.user, &line.target.account].into_iter().flatten().for_each(|f| all.facts(f));
        }
        all
    }

    fn account(&mut self, account: &Account) {
        account.labels.iter().for_each(|l| self.0[l.index()] = true);
        account.scope.iter().for_each(|s| self.scope(&s.node));
        account.assignments.iter().for_each(|a| self.scope(&a.on.scope()));
        account.allows.iter().for_each(|a| self.allow(a));
    }

    fn allow(&mut self, allow: &Allow) {
        self.scope(&allow.on);
        allow.when.iter().for_each(|g| self.gate(g));
    }

    fn gate(&mut self, gate: &Gate) {
        if let Gate::ActorIn(pred, _) = gate {
            self.pred(pred);
        }
    }

    fn subjects(&mut self, subjects: &Subjects) {
        for item in subjects.items.iter().chain(&subjects.except) {
            if let Subject::Users(pred) = &item.node {
                self.pred(pred);
            }
        }
    }

    fn facts(&mut self, facts: &TestFacts) {
        facts.labels.iter().flatten().for_each(|l| self.0[l.index()] = true);
    }

    fn scope(&mut self, scope: &Scope) {
        [&scope.entities, &scope.users].into_iter().flatten().for_each(|p| self.pred(p));
    }

    /// Recursion follows the nesting of conditions, which is bounded when they are read.
    fn pred(&mut self, pred: &Pred) {
        match pred {
            Pred::Test(Test::Label(label)) => self.0[label.index()] = true,
            Pred::Not(inner) => self.pred(inner),
            Pred::And(all) | Pred::Or(all) => all.iter().for_each(|p| self.pred(p)),
            Pred::True | Pred::False | Pred::Test(_) => {}
        }
    }
}
