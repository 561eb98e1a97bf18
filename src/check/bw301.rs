//! # BW301 a cycle
//!
//! ## What
//! A role extends itself by way of others; a group is defined by itself (through other groups, through `holders of` a role that an
//! automatic rule gives to a group); an action implies itself by way of others.
//!
//! ## Why
//! Such a definition says nothing: it needs its own answer to be answered.
//!
//! ## Example
//! ```bw
//! role a { extends b }
//! role b { extends a }
//! ```
//!
//! ## How to fix
//! Take one of the steps away; mostly what two of them share belongs into a third that both build on.

use petgraph::algo::{kosaraju_scc, toposort};
use petgraph::graph::{DiGraph, NodeIndex};

use super::bw005;
use crate::diagnostic::{Code, Finding, Findings};
use crate::model::Model;
use crate::region::{Pred, Test};
use crate::source::Span;

/// Its code.
pub const CODE: Code = Code("BW301");

/// A graph whose nodes have a name and a place.
type Graph<'m> = DiGraph<(String, Span), Span>;

/// Looks for cycles. Nothing is lowered while there is one.
pub fn run(model: &Model, findings: &mut Findings) {
    report("role", "extends", &roles(model), findings);
    let groups = groups(model);
    report("group", "is defined by", &groups, findings);
    deep(&groups, model, findings);
    report("action", "implies", &actions(model), findings);
}

fn roles(model: &Model) -> Graph<'_> {
    let mut graph = Graph::new();
    for role in &model.roles {
        graph.add_node((format!("`{}`", role.name), role.span));
    }
    for (index, role) in model.roles.iter().enumerate() {
        for extends in &role.extends {
            graph.add_edge(NodeIndex::new(index), NodeIndex::new(extends.role.index()), extends.span);
        }
    }
    graph
}

/// Groups first, then the roles that groups ask for.
fn groups(model: &Model) -> Graph<'_> {
    let mut graph = Graph::new();
    for group in &model.groups {
        graph.add_node((format!("`{}`", group.name), group.span));
    }
    for role in &model.roles {
        graph.add_node((format!("holders of `{}`", role.name), role.span));
    }
    let first_role = model.groups.len();
    for (index, group) in model.groups.iter().enumerate() {
        add_mentions(&mut graph, index, first_role, &group.pred, group.span);
    }
    for rule in &model.automatic {
        add_mentions(&mut graph, first_role + rule.role.index(), first_role, &rule.users, rule.span);
    }
    graph
}

fn add_mentions(graph: &mut Graph<'_>, from: usize, first_role: usize, pred: &Pred, span: Span) {
    match pred {
        Pred::Test(Test::Group(group)) => {
            graph.add_edge(NodeIndex::new(from), NodeIndex::new(group.index()), span);
        }
        Pred::Test(Test::Holds(role)) => {
            graph.add_edge(NodeIndex::new(from), NodeIndex::new(first_role + role.index()), span);
        }
        Pred::Not(inner) => add_mentions(graph, from, first_role, inner, span),
        Pred::And(all) | Pred::Or(all) => {
            all.iter().for_each(|p| add_mentions(graph, from, first_role, p, span));
        }
        Pred::True | Pred::False | Pred::Test(_) => {}
    }
}

fn actions(model: &Model) -> Graph<'_> {
    let mut graph = Graph::new();
    for action in &model.actions {
        graph.add_node((format!("`{}`", action.path), action.span));
    }
    for (index, action) in model.actions.iter().enumerate() {
        for implied in &action.implies_directly {
            graph.add_edge(NodeIndex::new(index), NodeIndex::new(implied.index()), action.span);
        }
    }
    graph
}

/// Groups that build on one another through too many steps. Nothing here recurses, so that everything behind it may.
fn deep(graph: &Graph<'_>, model: &Model, findings: &mut Findings) {
    let Ok(order) = toposort(graph, None) else { return };
    let mut steps = vec![0_usize; graph.node_count()];
    for node in order.into_iter().rev() {
        let below = graph.neighbors(node).map(|n| steps[n.index()] + 1).max().unwrap_or(0);
        steps[node.index()] = below;
    }
    let too_deep = model.groups.iter().zip(&steps).filter(|(_, steps)| **steps > bw005::MOST_STEPS);
    if let Some((group, steps)) = too_deep.min_by_key(|(_, steps)| **steps) {
        findings.push(bw005::groups(&group.name, *steps, group.span));
    }
}

fn report(what: &str, verb: &str, graph: &Graph<'_>, findings: &mut Findings) {
    for component in kosaraju_scc(graph) {
        let Some(first) = component.iter().copied().min() else { continue };
        if component.len() > 1 || graph.contains_edge(first, first) {
            findings.push(finding(what, verb, graph, &shortest_cycle(graph, first)));
        }
    }
}

/// A shortest way from a node back to itself, by breadth.
fn shortest_cycle(graph: &Graph<'_>, start: NodeIndex) -> Vec<NodeIndex> {
    let mut before = vec![None; graph.node_count()];
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        let mut next: Vec<NodeIndex> = graph.neighbors(at).collect();
        next.sort_unstable();
        if next.contains(&start) {
            let mut way: Vec<NodeIndex> =
                std::iter::successors(Some(at), |n| if *n == start { None } else { before[n.index()] }).collect();
            way.reverse();
            return way;
        }
        for node in next {
            if node != start && before[node.index()].is_none() {
                before[node.index()] = Some(at);
                queue.push_back(node);
            }
        }
    }
    vec![start]
}

fn finding(what: &str, verb: &str, graph: &Graph<'_>, cycle: &[NodeIndex]) -> Finding {
    let name = |n: NodeIndex| graph[n].0.as_str();
    let steps: Vec<&str> = cycle.iter().chain(cycle.first()).map(|n| name(*n)).collect();
    let first = cycle.first().map_or("", |n| name(*n));
    let mut finding = Finding::fatal(CODE, format!("the {what} {first} {verb} itself: {}", steps.join(" -> ")))
        .help("take one of these steps away");
    for (at, node) in cycle.iter().enumerate() {
        let next = cycle[(at + 1) % cycle.len()];
        let span = graph.find_edge(*node, next).map_or(graph[*node].1, |e| graph[e]);
        finding = finding.at(span, format!("{} {verb} {}", name(*node), name(next)));
    }
    finding
}
