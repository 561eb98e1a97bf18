//! Why regions are decision diagrams: the same questions by diagrams and by sets of cells, on a large policy whose vocabulary grows.
//!
//! `cargo bench --bench algebra` prints a line for each number of labels: how many cells there are, how many nodes, and how long it takes
//! to say of every two roles whether the one is within the other, and of every right of every account whether it is empty. Both must
//! give the same answers. Half of the lines are about policies whose roles name units, half about such as say `own unit`, where the actor's
//! unit is a case as well. `LABELS=2,4` sets other numbers.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::time::Instant;

use bailiwick::algebra::{Actor, Algebra, Exact, Lens, Target};
use bailiwick::diagnostic::Findings;
use bailiwick::lower::rights::{Grant, Rect, Rights, RowId};
use bailiwick::lower::{Switches, lower};
use bailiwick::model::id::{AccountId, ActionId, AttributeId};
use bailiwick::model::{AttributeType, Model, Signature};
use bailiwick::region::{Node, NodeId, Test, Value};
use bailiwick::source::SourceMap;
use bailiwick::{resolve, syntax};
use fixedbitset::FixedBitSet;

const DAY: i32 = 20_000;

fn main() {
    let bench = std::env::args().any(|arg| arg == "--bench");
    // Run as a test, it only shows that it works.
    let (roles, admins, usual) = if bench { (500, 1_000, "1,3,5") } else { (20, 20, "1,2") };
    let labels = std::env::var("LABELS").unwrap_or_else(|_| usual.to_owned());
    println!("{roles} roles, {admins} accounts; milliseconds, and how many times as long the cells take");
    println!(
        "labels  own unit  user cells  entity cells    nodes |  pairs of roles: diagrams, cells |  rights: diagrams, cells"
    );
    for labels in labels.split(',').filter_map(|n| n.trim().parse().ok()) {
        row(roles, admins, labels, false);
        row(roles, admins, labels, true);
    }
}

fn row(roles: usize, admins: usize, labels: usize, own: bool) {
    let sources = SourceMap::single("large.bw", &policy(roles, admins, labels, own));
    let mut findings = Findings::new();
    let model = resolve::resolve(&syntax::parse(&sources, &mut findings), &sources, &mut findings);
    assert!(findings.is_empty(), "{:?}", findings.sorted());
    let rights = lower(&model, &Switches::as_written(&model));
    let mut algebra = Algebra::new(&model, &rights);
    let (pairs, pairs_time) = timed(|| pairs_by_diagrams(&mut algebra).expect("within the limits"));
    let (empty, empty_time) = timed(|| empty_by_diagrams(&mut algebra).expect("within the limits"));
    let (cell_pairs, cell_pairs_time) = timed(|| pairs_by_cells(&model, &rights));
    let (cell_empty, cell_empty_time) = timed(|| empty_by_cells(&model, &rights));
    assert_eq!(pairs, cell_pairs, "containment");
    assert_eq!(empty, cell_empty, "emptiness");
    let space = Space::new(&model, &rights, true);
    println!(
        "{labels:>6} {own:>9} {:>11} {:>13} {:>8} | {:>10.1} {:>10.1} {:>7.1}x  | {:>8.1} {:>8.1} {:>7.1}x   ({} pairs, {} empty)",
        space.users.len(),
        space.entities.len(),
        algebra.size(),
        pairs_time,
        cell_pairs_time,
        cell_pairs_time / pairs_time,
        empty_time,
        cell_empty_time,
        cell_empty_time / empty_time,
        pairs.len(),
        empty.len()
    );
}

fn timed<T>(step: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let result = step();
    (result, start.elapsed().as_secs_f64() * 1_000.0)
}

// ---- the policy ----------------------------------------------------------------------------------------------------------------

/// Five resources of twenty actions, twenty groups, fifty units; roles of many kinds that overlap, behind fences.
fn policy(roles: usize, admins: usize, labels: usize, own: bool) -> String {
    let mut text = "platform large { super none }
attribute country { fi, se, no, dk }
attribute level number
relation manages on user
role auditor by claim { allow reports.a0 }
"
    .to_owned();
    let kinds = [
        ("courses", "entity"),
        ("people", "user"),
        ("reports", "entity, user"),
        ("accounts", "account"),
        ("goals", "user"),
    ];
    for (resource, on) in kinds {
        let actions: Vec<String> = (0..20).map(|n| format!("a{n}")).collect();
        writeln!(text, "resource {resource} on {on} {{ write {} }}", actions.join(", ")).expect("text");
    }
    for n in 0..labels {
        writeln!(text, "label l{n}").expect("text");
    }
    let units: Vec<String> = (0..7)
        .map(|n| format!("n{n} {{ {} }}", (0..6).map(|m| format!("u{n}_{m}")).collect::<Vec<_>>().join(", ")))
        .collect();
    writeln!(text, "unit acme {{ {} }}", units.join(", ")).expect("text");
    for n in 0..20 {
        let country = ["fi", "se", "no", "dk"][n % 4];
        let condition = match n % 5 {
            0 => format!("country is {country}"),
            1 => format!("country in ({country}, fi) and not labelled l{}", n % labels),
            2 => format!("unit n{} or level at least {}", n % 7, 1 + n % 3),
            3 => format!("labelled l{} and not unit u{}_{}", n % labels, n % 7, n % 6),
            _ => format!("(country is set or level at most 2) and not holders of auditor and not country is {country}"),
        };
        writeln!(text, "group g{n} = {condition}").expect("text");
    }
    for n in 0..roles {
        role(&mut text, n, labels, own);
    }
    writeln!(text, "forbid people.a1, accounts.a2 on users in g3, holders of auditor unless self").expect("text");
    for n in 0..admins {
        let (a, b) = (n * 7 % roles, n * 13 % roles);
        let scope = if n % 3 == 0 { format!("scope users in g{}; ", n % 20) } else { String::new() };
        let on = if n % 4 == 0 { format!(" on entities labelled l{}", n % labels) } else { String::new() };
        writeln!(
            text,
            "admin p{n} {{ unit u{}_{}; {scope}role r{a}{on}; role r{b} on users in g{} }}",
            n % 7,
            n % 6,
            n * 3 % 20
        )
        .expect("text");
    }
    text
}

/// One of sixty sets of actions, behind one of many fences.
fn role(text: &mut String, n: usize, labels: usize, own: bool) {
    let resource = ["courses", "people", "reports", "accounts", "goals"][n % 5];
    let first = n / 5 % 4 * 5;
    let (label, other) = (n / 3 % labels, n / 7 % labels);
    let users = [
        if own { "own unit".to_owned() } else { format!("u{}_1", n / 8 % 7) },
        format!("g{}", n / 20 % 20),
        "manages".to_owned(),
        format!("g{}, n{}", n / 9 % 20, n % 7),
    ][n / 20 % 4]
        .clone();
    let entities = [
        format!("labelled l{label}, l{other}"),
        format!("in unit n{}", n % 7),
        if own { "in own unit".to_owned() } else { format!("in unit u{}_2", n / 8 % 7) },
    ][n / 11 % 3]
        .clone();
    let scope = match n % 5 {
        0 => format!("entities {entities}"),
        1 | 4 => format!("users in {users}"),
        _ => format!("users in {users} and entities {entities}"),
    };
    writeln!(text, "role r{n} {{\n  allow {resource}.a{first}, {resource}.a{} on {scope}", first + 1 + n % 4)
        .expect("text");
    if n.is_multiple_of(6) {
        writeln!(text, "  allow {resource}.a{first}").expect("text");
    }
    if n.is_multiple_of(4) {
        writeln!(text, "  except {resource}.a{first} on {scope}").expect("text");
    }
    text.push_str("}\n");
}

/// The actions that two rows have in common, where the first has no others.
fn common(rights: &Rights, a: RowId, b: RowId) -> Option<Vec<ActionId>> {
    let of = |row: RowId| {
        let mut all: Vec<ActionId> = rights.rows[row.0 as usize].grants.iter().map(|g| g.action).collect();
        all.dedup();
        all
    };
    let (own, other) = (of(a), of(b));
    (a != b && own.iter().all(|action| other.contains(action))).then_some(own)
}

fn roles(rights: &Rights) -> Vec<RowId> {
    (0..).map(RowId).zip(&rights.rows).filter(|(_, row)| row.role.is_some()).map(|(id, _)| id).collect()
}

// ---- by diagrams ---------------------------------------------------------------------------------------------------------------

fn pairs_by_diagrams(algebra: &mut Algebra<'_>) -> Exact<Vec<(RowId, RowId)>> {
    let roles = roles(algebra.rights);
    let mut found = vec![];
    for a in &roles {
        for b in &roles {
            algebra.begin();
            let Some(actions) = common(algebra.rights, *a, *b) else { continue };
            let mut within = true;
            for action in actions {
                let lens = Lens::new(Actor::Holder, Target::Stranger, DAY);
                let (own, other) = (algebra.row(*a, action, lens)?, algebra.row(*b, action, lens)?);
                let left = algebra.minus(own, other)?;
                within = within && algebra.is_empty(left, lens)?;
            }
            found.extend(within.then_some((*a, *b)));
        }
    }
    Ok(found)
}

fn empty_by_diagrams(algebra: &mut Algebra<'_>) -> Exact<Vec<(AccountId, ActionId)>> {
    let mut found = vec![];
    for index in 0..algebra.model.accounts.len() {
        let account = AccountId::new(index);
        algebra.begin();
        for action in held(algebra.rights, account) {
            let lens = Lens::new(Actor::Account(account), Target::Stranger, DAY);
            let allowed = algebra.allowed(action, lens)?;
            if algebra.is_empty(allowed, lens)? {
                found.push((account, action));
            }
        }
    }
    Ok(found)
}

fn held(rights: &Rights, account: AccountId) -> Vec<ActionId> {
    let ways = &rights.accounts[account.index()].assignments;
    let mut all: Vec<ActionId> =
        ways.iter().flat_map(|w| rights.rows[w.row.0 as usize].grants.iter().map(|g| g.action)).collect();
    all.sort_unstable();
    all.dedup();
    all
}

// ---- by cells ------------------------------------------------------------------------------------------------------------------

/// One way to be, as far as the policy asks.
#[derive(Clone, Default)]
struct Cell {
    values: Vec<(AttributeId, Value)>,
    labels: u32,
    unit: Option<u32>,
    /// In the actor's unit, where that is any.
    own: bool,
    manages: bool,
    auditor: bool,
}

/// All cells, and which of them each predicate holds.
struct Space<'a> {
    model: &'a Model,
    rights: &'a Rights,
    users: Vec<Cell>,
    entities: Vec<Cell>,
    known: HashMap<(NodeId, bool, Option<u32>), FixedBitSet>,
    relative: Vec<bool>,
}

/// A set of pairs of cells, as rectangles: the cells of entities and of users.
type Region = Vec<(FixedBitSet, FixedBitSet)>;

impl<'a> Space<'a> {
    /// With `free`, the actor's unit is any.
    fn new(model: &'a Model, rights: &'a Rights, free: bool) -> Self {
        let mut entities = vec![Cell::default()];
        split(&mut entities, 1 + model.units.nodes.len(), |cell, n| cell.unit = n.checked_sub(1).map(|u| u as u32));
        if free {
            let (with, without): (Vec<Cell>, Vec<Cell>) = entities.into_iter().partition(|c| c.unit.is_some());
            entities = without;
            entities.extend(with.iter().cloned());
            entities.extend(with.into_iter().map(|c| Cell { own: true, ..c }));
        }
        split(&mut entities, 1 << model.labels.nodes.len(), |cell, n| cell.labels = n as u32);
        let mut users = entities.clone();
        for (index, attribute) in model.attributes.iter().enumerate().skip(4) {
            let id = AttributeId::new(index);
            let values: Vec<Value> = match &attribute.ty {
                AttributeType::Closed(all) => (0..all.len()).map(|v| Value::Closed(v as u32)).collect(),
                _ => (0..5).map(Value::Number).collect(),
            };
            split(&mut users, 1 + values.len(), |cell, n| {
                cell.values.extend(n.checked_sub(1).map(|v| (id, values[v].clone())))
            });
        }
        split(&mut users, 2, |cell, n| cell.manages = n == 1);
        split(&mut users, 2, |cell, n| cell.auditor = n == 1);
        let mut relative: Vec<bool> = vec![];
        for node in rights.nodes.list() {
            relative.push(match node {
                Node::Test(test) => *test == Test::OwnUnit,
                Node::Not(inner) => relative[inner.0 as usize],
                Node::And(list) | Node::Or(list) => list.iter().any(|n| relative[n.0 as usize]),
                Node::True | Node::False => false,
            });
        }
        Self { model, rights, users, entities, known: HashMap::new(), relative }
    }

    /// The cells that a predicate holds, for an actor in this unit.
    fn set(&mut self, node: NodeId, users: bool, unit: Option<u32>) -> FixedBitSet {
        let key = (node, users, unit.filter(|_| self.relative[node.0 as usize]));
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let size = if users { self.users.len() } else { self.entities.len() };
        let mut set = FixedBitSet::with_capacity(size);
        let rights = self.rights;
        match rights.nodes.get(node) {
            Node::True => set.insert_range(..),
            Node::False => {}
            Node::Test(test) => {
                let cells = if users { &self.users } else { &self.entities };
                let holding = cells.iter().enumerate().filter(|(_, cell)| holds(self.model, cell, test, unit));
                holding.for_each(|(i, _)| set.insert(i));
            }
            Node::Not(inner) => {
                set.insert_range(..);
                set.difference_with(&self.set(*inner, users, unit));
            }
            Node::And(all) => {
                set.insert_range(..);
                all.iter().for_each(|n| set.intersect_with(&self.set(*n, users, unit)));
            }
            Node::Or(any) => any.iter().for_each(|n| set.union_with(&self.set(*n, users, unit))),
        }
        self.known.insert(key, set.clone());
        set
    }

    fn rect(&mut self, rect: Rect, signature: Signature, unit: Option<u32>) -> (FixedBitSet, FixedBitSet) {
        let all = bailiwick::region::Nodes::TRUE;
        let users = self.set(if signature.uses_users() { rect.users } else { all }, true, unit);
        if signature != Signature::Account {
            return (self.set(if signature.uses_entities() { rect.entities } else { all }, false, unit), users);
        }
        let mut both = self.set(rect.entities, true, unit);
        both.intersect_with(&users);
        (self.set(all, false, unit), both)
    }

    fn grants(&mut self, grants: &[Grant], unit: Option<u32>) -> Region {
        let mut region = vec![];
        for grant in grants {
            let signature = self.model.actions[grant.action.index()].signature;
            let mut left = vec![self.rect(grant.rect, signature, unit)];
            for hole in &grant.holes {
                left = minus(left, &self.rect(*hole, signature, unit));
            }
            region.extend(left);
        }
        region
    }
}

fn split(cells: &mut Vec<Cell>, ways: usize, mut tell: impl FnMut(&mut Cell, usize)) {
    let before = std::mem::take(cells);
    for cell in before {
        for way in 0..ways {
            let mut cell = cell.clone();
            tell(&mut cell, way);
            cells.push(cell);
        }
    }
}

fn holds(model: &Model, cell: &Cell, test: &Test, unit: Option<u32>) -> bool {
    let value = |id: &AttributeId| cell.values.iter().find(|(a, _)| a == id).map(|(_, v)| v);
    let number = |id: &AttributeId| if let Some(Value::Number(n)) = value(id) { Some(*n) } else { None };
    match test {
        Test::Is(id, wanted) => value(id) == Some(wanted),
        Test::Set(id) => value(id).is_some(),
        Test::AtLeast(id, n) => number(id).is_some_and(|v| v >= *n),
        Test::AtMost(id, n) => number(id).is_some_and(|v| v <= *n),
        Test::Unit(wanted) => cell.unit.is_some_and(|u| model.units.within(u, wanted.0)),
        Test::OwnUnit => match unit {
            Some(own) => cell.unit.is_some_and(|u| model.units.within(u, own)),
            None => cell.own,
        },
        Test::Label(label) => cell.labels >> label.0 & 1 == 1,
        Test::Relation(_) => cell.manages,
        Test::Given(_) => cell.auditor,
        _ => false,
    }
}

/// A region without a rectangle: disjoint rectangles.
fn minus(region: Region, (entities, users): &(FixedBitSet, FixedBitSet)) -> Region {
    let mut left = vec![];
    for (own_entities, own_users) in region {
        let (mut beside, mut above) = (own_entities.clone(), own_users.clone());
        beside.difference_with(entities);
        above.difference_with(users);
        let mut shared = own_entities;
        shared.intersect_with(entities);
        left.extend([(beside, own_users), (shared, above)].into_iter().filter(|(e, u)| !e.is_clear() && !u.is_clear()));
    }
    left
}

fn pairs_by_cells(model: &Model, rights: &Rights) -> Vec<(RowId, RowId)> {
    let space = &mut Space::new(model, rights, true);
    let roles = roles(rights);
    let mut found = vec![];
    for a in &roles {
        for b in &roles {
            let Some(actions) = common(rights, *a, *b) else { continue };
            let of = |space: &mut Space<'_>, row: RowId, action: ActionId| {
                space.grants(bailiwick::algebra::reach::grants(&rights.rows[row.0 as usize].grants, action), None)
            };
            let within = actions.iter().all(|action| {
                let (own, other) = (of(space, *a, *action), of(space, *b, *action));
                let left = other.iter().fold(own, minus);
                left.iter().all(|(entities, users)| entities.is_clear() || users.is_clear())
            });
            found.extend(within.then_some((*a, *b)));
        }
    }
    found
}

fn empty_by_cells(model: &Model, rights: &Rights) -> Vec<(AccountId, ActionId)> {
    let space = &mut Space::new(model, rights, false);
    let mut found = vec![];
    for (index, account) in model.accounts.iter().enumerate() {
        let id = AccountId::new(index);
        let unit = account.unit.as_ref().map(|u| u.node.0);
        for action in held(rights, id) {
            let signature = model.actions[action.index()].signature;
            let mut region: Region = vec![];
            for way in &rights.accounts[index].assignments {
                let fence = space.rect(rights.fences[way.fence.0 as usize].rect, signature, unit);
                let row = &rights.rows[way.row.0 as usize];
                let given = space.grants(bailiwick::algebra::reach::grants(&row.grants, action), unit);
                region.extend(given.into_iter().map(|(mut entities, mut users)| {
                    entities.intersect_with(&fence.0);
                    users.intersect_with(&fence.1);
                    (entities, users)
                }));
            }
            for forbid in rights.forbids.iter().filter(|f| f.actions.contains(&action)) {
                region = minus(region, &space.rect(forbid.rect, signature, unit));
            }
            if region.iter().all(|(entities, users)| entities.is_clear() || users.is_clear()) {
                found.push((id, action));
            }
        }
    }
    found
}
