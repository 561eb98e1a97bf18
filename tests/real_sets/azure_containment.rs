//! Azure's roles: which is within which, by the algebra and by the check, is what plain sets of operations say.

use std::collections::{BTreeMap, BTreeSet};

use bailiwick::algebra::{Actor, Algebra, Diagram, Lens, Target};
use bailiwick::check::{bw009, bw305};
use bailiwick::diagnostic::Finding;
use bailiwick::lower::rights::RowId;
use bailiwick::lower::{Switches, lower};
use bailiwick::model::Model;
use bailiwick::model::id::ActionId;
use bailiwick::{Options, compile};
use fixedbitset::FixedBitSet;

use crate::azure::{Azure, Block, Subtraction, block_name};
use crate::corpus;

/// The day of every question.
const DAY: i32 = 20_600;

/// Sets of operations by the names of their roles: a role's, and those of its blocks where it has several.
type Sets = BTreeMap<String, FixedBitSet>;

/// What a block gives: what its entries meet, without what its not-entries meet.
fn block(set: &Azure, block: &Block) -> FixedBitSet {
    let met = |entries: &mut dyn Iterator<Item = (_, &str)>| {
        let mut met = FixedBitSet::with_capacity(set.universe.operations.len());
        entries.for_each(|(plane, entry)| met.extend(set.universe.met(plane, entry)));
        met
    };
    let mut given = met(&mut block.entries());
    given.difference_with(&met(&mut block.not_entries()));
    given
}

/// What every role gives, by the data alone.
fn sets(set: &Azure) -> Sets {
    let mut all = Sets::new();
    for role in &set.roles {
        let blocks: Vec<FixedBitSet> = role.blocks.iter().map(|b| block(set, b)).collect();
        let mut whole = FixedBitSet::with_capacity(set.universe.operations.len());
        blocks.iter().for_each(|block| whole.union_with(block));
        all.insert(role.name.clone(), whole);
        if blocks.len() > 1 {
            all.extend((1..).map(|n| block_name(&role.name, n)).zip(blocks));
        }
    }
    all
}

/// What every role gives of every action, as regions of the algebra; actions of which it gives nothing are left out.
fn regions(algebra: &mut Algebra<'_>, lens: Lens) -> Vec<Vec<(usize, Diagram)>> {
    let (roles, actions) = (algebra.model.roles.len(), algebra.model.actions.len());
    let mut region = |role, action| {
        let region = algebra.row(RowId(role), ActionId::new(action), lens).expect("few cases");
        (region != Diagram::FALSE).then_some((action, region))
    };
    (0..u32::try_from(roles).expect("few roles")).map(|r| (0..actions).filter_map(|a| region(r, a)).collect()).collect()
}

/// Whether the algebra finds one within the other: nothing is left of any action's region.
fn is_within(algebra: &mut Algebra<'_>, inner: &[(usize, Diagram)], outer: &[Diagram], lens: Lens) -> bool {
    inner.iter().all(|(action, region)| {
        let left = algebra.minus(*region, outer[*action]).expect("few cases");
        algebra.is_empty(left, lens).expect("few cases")
    })
}

/// The same of the sets.
fn is_subset(sets: &Sets, inner: &str, outer: &str) -> bool {
    sets[inner].is_subset(&sets[outer])
}

#[test]
fn every_two_roles_compare_as_their_operations_do() {
    let Some(folder) = corpus::folder("azure_roles") else { return };
    let set = Azure::read(&folder);
    let sets = sets(&set);
    let triples: usize = set.roles.iter().map(|r| sets[&r.name].count_ones(..)).sum();
    assert_eq!(triples, 51_733, "the known number of triples");

    let outcome = compile(&set.sources(Subtraction::Block), &Options { at: Some(DAY), ..Options::default() });
    let compiled = outcome.compiled.as_ref().expect("a policy without errors");
    let model = compiled.model();
    let rights = lower(model, &Switches::as_written(model));
    let mut algebra = Algebra::new(model, &rights);
    let lens = Lens::new(Actor::Holder, Target::Stranger, DAY);
    let regions = regions(&mut algebra, lens);
    let (mut pairs, mut contained) = (0, 0);
    for (outer, given) in model.roles.iter().zip(&regions) {
        let mut all = vec![Diagram::FALSE; model.actions.len()];
        given.iter().for_each(|(action, region)| all[*action] = *region);
        algebra.begin();
        for (inner, given) in model.roles.iter().zip(&regions) {
            let within = is_within(&mut algebra, given, &all, lens);
            assert_eq!(within, is_subset(&sets, &inner.name, &outer.name), "{} in {}", inner.name, outer.name);
            pairs += 1;
            contained += usize::from(within);
        }
    }
    println!("{pairs} pairs, {contained} contained");
    assert_eq!(pairs, sets.len() * sets.len());
    assert!(outcome.findings.iter().all(|f| f.code != bw009::CODE), "nothing is undecided");
    the_check_says_the_same(model, &sets, &outcome.findings);
}

/// What follows from the findings is what is so: all of it, and nothing else. Left out are roles that give nothing.
fn the_check_says_the_same(model: &Model, sets: &Sets, findings: &[Finding]) {
    let number: BTreeMap<&str, usize> = (0..).zip(&model.roles).map(|(n, r)| (r.name.as_str(), n)).collect();
    let mut within = vec![BTreeSet::new(); model.roles.len()];
    for (index, role) in model.roles.iter().enumerate() {
        for extends in &role.extends {
            within[extends.role.index()].insert(index);
        }
    }
    for finding in findings.iter().filter(|f| f.code == bw305::CODE) {
        let quoted = |text: &str| text.split('`').skip(1).step_by(2).map(|n| number[n]).collect::<Vec<_>>();
        let names = quoted(&finding.message);
        within[names[0]].extend(&names[1..]);
        if finding.message.ends_with(" other roles give too") {
            let next = next(model, sets, names[0]);
            let listed: Vec<usize> = finding.notes.iter().flat_map(|note| quoted(note)).collect();
            assert!(listed.len() > 3 && listed.iter().all(|role| next.contains(role)), "{finding:?}");
            assert!(
                finding.message.contains(&format!("gives, {} other roles", next.len())),
                "{} of {finding:?}",
                next.len()
            );
            within[names[0]].extend(next); // the message names the first of them, and how many there are
        }
        if finding.message.contains(" gives the same as ") {
            within[names[1]].insert(names[0]);
        }
    }
    let gives = |role: usize| sets[&model.roles[role].name].count_ones(..);
    for inner in (0..model.roles.len()).filter(|r| gives(*r) > 0) {
        let reached = reached(&within, inner);
        for outer in (0..model.roles.len()).filter(|r| *r != inner && gives(*r) > 0) {
            let (inner, name) = (&model.roles[inner].name, &model.roles[outer].name);
            assert_eq!(reached.contains(&outer), is_subset(sets, inner, name), "{inner} in {name}");
        }
    }
}

/// The roles next above one by their sets: the first of each kind, and none that the role is in by way of another.
fn next(model: &Model, sets: &Sets, inner: usize) -> Vec<usize> {
    let set = |role: &usize| &sets[&model.roles[*role].name];
    let mut greater: Vec<usize> = (0..model.roles.len()).collect();
    greater.retain(|b| set(&inner) != set(b) && set(&inner).is_subset(set(b)));
    let first = |b: usize| greater.iter().position(|c| set(c) == set(&b)).map(|at| greater[at]) == Some(b);
    let between = |b: &usize| greater.iter().any(|c| set(c) != set(b) && set(c).is_subset(set(b)));
    let extends = |b: usize| model.roles[b].extends.iter().any(|e| e.role.index() == inner);
    greater.iter().copied().filter(|b| first(*b) && !between(b) && !extends(*b)).collect()
}

/// Where one comes to along these steps.
fn reached(steps: &[BTreeSet<usize>], from: usize) -> BTreeSet<usize> {
    let mut reached = BTreeSet::new();
    let mut open = vec![from];
    while let Some(one) = open.pop() {
        open.extend(steps[one].iter().filter(|next| reached.insert(**next)));
    }
    reached
}
