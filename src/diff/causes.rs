//! Which edits a right depends on: what an account or a role has leads over declarations, and only edits in these can have changed it.
//!
//! For an action the ways are followed that lead to it: an `allow` of another action is none, nor is a role that does not give it.
//! What stands nearest comes first: the own block, the roles held, the roles that these extend, what their lines mention, prohibitions.

use std::cell::RefCell;

use fixedbitset::FixedBitSet;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Policy;
use super::change::Edit;
use super::items::Matter;
use super::view::{View, tests};
use crate::lower::rights::Rights;
use crate::model::id::{ActionId, RoleId};
use crate::model::{Account, Allow, Gate, Model, Role};
use crate::region::{Pred, Scope, Test};
use crate::source::Span;

/// How far an edit stands from the right that it may have changed; nearest first.
type Distance = u32;

/// Edits with their distances.
type Found = Vec<(Distance, usize)>;

/// What lines mention is farther than any role.
const MENTIONED: Distance = 1_000;
/// Prohibitions are farther than all that gives.
const FORBIDDING: Distance = 2_000;

/// Whose rights are asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Whose<'n> {
    /// An account, by its folded login on either side.
    Account(&'n str),
    /// What a role gives, by its name on either side.
    Role(&'n str),
}

/// What rights depend on, on both sides; built once a comparison, linear in the policies and the edits.
#[derive(Debug)]
pub struct Dependencies<'a> {
    sides: [Graph<'a>; 2],
    edits: Edits,
}

/// The edits, as far as finding them again needs it.
#[derive(Debug, Default)]
struct Edits {
    /// By the noun and name of their declaration.
    by_declaration: FxHashMap<(&'static str, String), Vec<usize>>,
    /// Those that give a role to an account, or take it: by the role.
    given: FxHashMap<String, Vec<usize>>,
    /// The automatic rules that are edited, by their role.
    automatic: FxHashMap<String, Vec<usize>>,
    /// The prohibitions that are edited.
    forbids: Vec<usize>,
    /// The kind of statement of each, and its key.
    matters: Vec<(Matter, String)>,
    /// The login of an account on the other side.
    renamed: FxHashMap<String, String>,
}

/// One side.
#[derive(Debug)]
struct Graph<'a> {
    view: View<'a>,
    rights: Option<&'a Rights>,
    /// What each role gives, by what way so ever, before anything is taken out.
    gives: Vec<FixedBitSet>,
    /// The actions that an edited line gives or takes, by edit.
    reach: FxHashMap<usize, FixedBitSet>,
    /// What was found of a role and an action.
    roles: RefCell<FxHashMap<(RoleId, ActionId), Found>>,
    /// What was found of an action, whoever does it.
    actions: RefCell<FxHashMap<ActionId, Found>>,
}

impl<'a> Dependencies<'a> {
    /// The dependencies of both policies, and where their edits are.
    #[must_use]
    pub fn new(old: &Policy<'a>, new: &Policy<'a>, edits: &[Edit]) -> Self {
        let sides = [Graph::new(old, edits, 0), Graph::new(new, edits, 1)];
        Self { sides, edits: Edits::new(edits) }
    }

    /// Whether an edit stands in the declaration of a role or profile.
    #[must_use]
    pub fn is_within_role(&self, edit: usize, role: &str) -> bool {
        ["role", "profile"].iter().any(|noun| self.edits.of(noun, role).contains(&edit))
    }

    /// The edits that stand in what a right to an action depends on, on either side: as indices, the nearest ones first.
    #[must_use]
    pub fn causes(&self, whose: Whose<'_>, action: &str) -> Vec<usize> {
        let mut found = vec![];
        for side in &self.sides {
            let Some(action) = side.view.model.action(action) else { continue };
            match whose {
                Whose::Account(login) => self.of_account(side, login, action, &mut found),
                Whose::Role(name) => {
                    if let Some(role) = side.role(name) {
                        self.of_role(side, role, action, 0, &mut found);
                    }
                }
            }
            self.of_action(side, action, &mut found);
        }
        found.sort_unstable();
        let mut seen = FxHashSet::default();
        found.into_iter().map(|(_, edit)| edit).filter(|edit| seen.insert(*edit)).collect()
    }

    /// The edits that prohibitions of an action depend on, on either side: of these, and of what they mention.
    #[must_use]
    pub fn of_prohibitions(&self, action: &str) -> Vec<usize> {
        let mut found = vec![];
        for side in &self.sides {
            if let Some(action) = side.view.model.action(action) {
                self.of_action(side, action, &mut found);
            }
        }
        found.retain(|(distance, _)| *distance >= FORBIDDING);
        found.sort_unstable();
        let mut seen = FxHashSet::default();
        found.into_iter().map(|(_, edit)| edit).filter(|edit| seen.insert(*edit)).collect()
    }

    fn of_account(&self, side: &Graph<'_>, login: &str, action: ActionId, found: &mut Found) {
        let other = self.edits.renamed.get(login).map(String::as_str);
        for login in std::iter::once(login).chain(other) {
            let own = self.edits.of("admin", login);
            let own = own.iter().filter(|e| self.concerns(**e, action, side));
            found.extend(own.map(|e| (self.edits.distance_of_own(*e), *e)));
            let Some(account) = side.account(login) else { continue };
            for role in side.held(account) {
                if side.gives(role, action) {
                    self.of_role(side, role, action, 1, found);
                    let rules = self.edits.automatic.get(&side.view.model.roles[role.index()].name);
                    found.extend(rules.into_iter().flatten().map(|edit| (1, *edit)));
                }
            }
            let mut mentioned = Mentioned::new(side, &self.edits, MENTIONED);
            mentioned.scope(account.scope.as_ref().map(|s| &s.node));
            if let Some(unit) = &account.unit {
                mentioned.declaration("unit", &side.view.model.units.nodes[unit.node.index()].path);
            }
            account.allows.iter().filter(|allow| side.allows(allow, action)).for_each(|allow| mentioned.allow(allow));
            let given = account.assignments.iter().filter(|given| side.gives(given.role, action));
            given.for_each(|given| mentioned.scope(Some(&given.on.scope())));
            found.append(&mut mentioned.found);
        }
    }

    /// What a role gives: its own lines, those of the roles that it extends, and what these mention.
    fn of_role(&self, side: &Graph<'_>, role: RoleId, action: ActionId, from: Distance, found: &mut Found) {
        let known = side.roles.borrow().get(&(role, action)).cloned();
        let causes = known.unwrap_or_else(|| {
            let causes = self.walk(side, role, action);
            side.roles.borrow_mut().insert((role, action), causes.clone());
            causes
        });
        found.extend(causes.into_iter().map(|(distance, edit)| (distance + from, edit)));
    }

    fn walk(&self, side: &Graph<'_>, start: RoleId, action: ActionId) -> Found {
        let model = &side.view.model;
        let mut mentioned = Mentioned::new(side, &self.edits, MENTIONED);
        let mut found = vec![];
        let mut seen = vec![false; model.roles.len()];
        let mut layer = vec![start];
        let mut distance = 0;
        while !layer.is_empty() {
            let mut next = vec![];
            for id in layer {
                if std::mem::replace(&mut seen[id.index()], true) {
                    continue;
                }
                let role = &model.roles[id.index()];
                let own = self.edits.of("role", &role.name);
                found.extend(own.iter().filter(|e| self.concerns(**e, action, side)).map(|e| (distance, *e)));
                mentioned.role(role, |allow| side.allows(allow, action));
                let above = role.extends.iter().filter(|it| side.gives(it.role, action));
                for extends in above {
                    mentioned.scope(Some(&extends.on));
                    next.push(extends.role);
                }
            }
            layer = next;
            distance = (distance + 1).min(MENTIONED / 2);
        }
        found.append(&mut mentioned.found);
        found
    }

    /// What an action depends on, whoever does it: its resource, and prohibitions.
    fn of_action(&self, side: &Graph<'_>, action: ActionId, found: &mut Found) {
        let known = side.actions.borrow().get(&action).cloned();
        let causes = known.unwrap_or_else(|| {
            let causes = self.around(side, action);
            side.actions.borrow_mut().insert(action, causes.clone());
            causes
        });
        found.extend(causes);
    }

    fn around(&self, side: &Graph<'_>, id: ActionId) -> Found {
        let model = &side.view.model;
        let action = &model.actions[id.index()];
        let mut mentioned = Mentioned::new(side, &self.edits, MENTIONED);
        let resources = action.implied_by.ones().filter_map(|a| model.actions[a].resource);
        for resource in resources {
            let resource = &model.resources[resource.index()];
            let edits = self.edits.of("resource", &resource.name);
            mentioned.found.extend(edits.iter().filter(|e| self.concerns(**e, id, side)).map(|e| (MENTIONED, *e)));
            resource.when.iter().for_each(|f| mentioned.declaration("feature", &model.features[f.index()].name));
        }
        if let Some(role) = action.assigns {
            let edits = self.edits.of("role", &model.roles[role.index()].name).iter();
            let heads = edits.filter(|e| matches!(self.edits.matters[**e].0, Matter::Declared | Matter::Setting));
            mentioned.found.extend(heads.map(|e| (MENTIONED, *e)));
        }
        let mut found = mentioned.found;
        let hit = self.edits.forbids.iter().filter(|e| self.concerns(**e, id, side));
        found.extend(hit.map(|e| (FORBIDDING, *e)));
        let mut mentioned = Mentioned::new(side, &self.edits, FORBIDDING);
        for forbid in model.forbids.iter().filter(|f| !f.actions.members.is_disjoint(&action.implies)) {
            mentioned.scope(Some(&forbid.on));
            mentioned.pred(&forbid.subjects);
            mentioned.pred(&forbid.unless);
        }
        found.append(&mut mentioned.found);
        found
    }

    /// Whether an edit in a declaration that matters may matter for the action.
    fn concerns(&self, edit: usize, action: ActionId, side: &Graph<'_>) -> bool {
        let (matter, key) = &self.edits.matters[edit];
        let path = &side.view.model.actions[action.index()].path;
        let any = |concerned: &dyn Fn(&Graph<'_>, ActionId) -> bool| {
            let sides = self.sides.iter();
            sides.filter_map(|s| Some((s, s.view.model.action(path)?))).any(|(s, action)| concerned(s, action))
        };
        match matter {
            Matter::Allow | Matter::Assigns | Matter::Except | Matter::Action | Matter::Rule => {
                any(&|side, action| side.reach.get(&edit).is_some_and(|reach| reach.contains(action.index())))
            }
            Matter::Extends | Matter::Given => {
                let name = key.strip_prefix("role ").or_else(|| key.strip_prefix("profile "));
                let name = if *matter == Matter::Given { name.unwrap_or(key) } else { key };
                any(&|side, action| side.role(name).is_some_and(|role| side.gives(role, action)))
            }
            Matter::Declared | Matter::Setting | Matter::Scope | Matter::Fact => true,
            Matter::Title | Matter::Never | Matter::Holders => false,
        }
    }
}

impl Edits {
    fn new(edits: &[Edit]) -> Self {
        let mut all = Self::default();
        for (index, edit) in edits.iter().enumerate() {
            let spot = &edit.spot;
            all.matters.push((spot.matter, spot.key.clone()));
            if !edit.is_access() {
                continue;
            }
            match (spot.noun, spot.matter) {
                ("automatic rule", _) => all.automatic.entry(spot.key.clone()).or_default().push(index),
                ("forbid", _) => all.forbids.push(index),
                ("label" | "unit", _) => all.below(spot.noun, &spot.name, index),
                _ => all.add(spot.noun, &spot.name, index),
            }
            match &spot.former {
                Some(former) if matches!(spot.noun, "label" | "unit") => all.below(spot.noun, former, index),
                Some(former) => {
                    all.add(spot.noun, former, index);
                    all.renamed.insert(former.clone(), spot.name.clone());
                    all.renamed.insert(spot.name.clone(), former.clone());
                }
                None => {}
            }
            if spot.matter == Matter::Given {
                let role = spot.key.split_once(' ').map_or(spot.key.as_str(), |(_, role)| role);
                all.given.entry(role.to_owned()).or_default().push(index);
            }
        }
        all
    }

    fn add(&mut self, noun: &'static str, name: &str, edit: usize) {
        self.by_declaration.entry((noun, name.to_owned())).or_default().push(edit);
    }

    /// An edit of a node is one of every node above it too.
    fn below(&mut self, noun: &'static str, path: &str, edit: usize) {
        let (mut quoted, mut escaped) = (false, false);
        for (at, c) in path.char_indices() {
            if c == '.' && !quoted {
                self.add(noun, &path[..at], edit);
            }
            quoted ^= c == '"' && !escaped;
            escaped = c == '\\' && quoted && !escaped;
        }
        self.add(noun, path, edit);
    }

    /// Facts of an account are asked by conditions of roles: they stand behind these.
    fn distance_of_own(&self, edit: usize) -> Distance {
        let (matter, key) = &self.matters[edit];
        let asked = *matter == Matter::Fact && !matches!(key.as_str(), "inactive" | "valid" | "login");
        if asked { MENTIONED - 1 } else { 0 }
    }

    fn of(&self, noun: &'static str, name: &str) -> &[usize] {
        self.by_declaration.get(&(noun, name.to_owned())).map_or(&[], Vec::as_slice)
    }
}

impl<'a> Graph<'a> {
    fn new(policy: &Policy<'a>, edits: &[Edit], side: usize) -> Self {
        let view = View::new(policy);
        let gives = gives(&view.model);
        let reach = reach(&view.model, edits, side);
        let rights = policy.outcome.compiled.as_ref().map(crate::Compiled::rights);
        Self { view, rights, gives, reach, roles: RefCell::default(), actions: RefCell::default() }
    }

    fn role(&self, name: &str) -> Option<RoleId> {
        self.view.model.roles.binary_search_by(|role| role.name.as_str().cmp(name)).ok().map(RoleId::new)
    }

    fn account(&self, login: &str) -> Option<&Account> {
        let accounts = &self.view.model.accounts;
        accounts.binary_search_by(|a| a.login.as_str().cmp(login)).ok().map(|index| &accounts[index])
    }

    /// The roles that an account was given, and those that a rule gives it.
    fn held(&self, account: &Account) -> Vec<RoleId> {
        let mut roles: Vec<RoleId> = account.assignments.iter().map(|given| given.role).collect();
        let index = self.view.model.accounts.binary_search_by(|a| a.login.cmp(&account.login));
        if let (Some(rights), Ok(index)) = (self.rights, index) {
            let rows = rights.accounts[index].assignments.iter();
            roles.extend(rows.filter_map(|it| rights.rows[it.row.0 as usize].role));
        }
        roles.sort_unstable();
        roles.dedup();
        roles
    }

    fn gives(&self, role: RoleId, action: ActionId) -> bool {
        self.gives[role.index()].contains(action.index())
    }

    /// Whether a line gives an action, perhaps by implication.
    fn allows(&self, allow: &Allow, action: ActionId) -> bool {
        !allow.actions.members.is_disjoint(&self.view.model.actions[action.index()].implied_by)
    }
}

/// What each role gives, with what it extends; of a cycle, which is an error, no more than one round.
fn gives(model: &Model) -> Vec<FixedBitSet> {
    let mut all: Vec<Option<FixedBitSet>> = vec![None; model.roles.len()];
    let mut entered = vec![false; model.roles.len()];
    for start in 0..model.roles.len() {
        let mut stack = vec![start];
        while let Some(at) = stack.last().copied() {
            let role = &model.roles[at];
            let missing = role.extends.iter().map(|e| e.role.index()).filter(|r| all[*r].is_none() && !entered[*r]);
            let missing: Vec<usize> = if entered[at] { vec![] } else { missing.collect() };
            if !std::mem::replace(&mut entered[at], true) && !missing.is_empty() {
                stack.extend(missing);
                continue;
            }
            stack.pop();
            if all[at].is_none() {
                let mut own = FixedBitSet::with_capacity(model.actions.len());
                let lines = role.allows.iter().flat_map(|allow| allow.actions.iter());
                lines.for_each(|a| own.union_with(&model.actions[a.index()].implies));
                role.extends
                    .iter()
                    .filter_map(|e| all[e.role.index()].as_ref())
                    .for_each(|above| own.union_with(above));
                all[at] = Some(own);
            }
        }
    }
    all.into_iter().map(Option::unwrap_or_default).collect()
}

/// The actions that the edited lines of one side give or take, by edit.
fn reach(model: &Model, edits: &[Edit], side: usize) -> FxHashMap<usize, FixedBitSet> {
    let mut places: FxHashMap<Span, usize> = FxHashMap::default();
    let mut reach: FxHashMap<usize, FixedBitSet> = FxHashMap::default();
    for (index, edit) in edits.iter().enumerate() {
        let said = if side == 0 { &edit.before } else { &edit.after };
        let Some(span) = said.as_ref().and_then(|s| s.span) else { continue };
        places.insert(span, index);
    }
    let mut add = |span: Span, actions: &mut dyn Iterator<Item = &FixedBitSet>| {
        if let Some(edit) = places.get(&span) {
            let all = reach.entry(*edit).or_insert_with(|| FixedBitSet::with_capacity(model.actions.len()));
            actions.for_each(|more| all.union_with(more));
        }
    };
    let allows = model.roles.iter().flat_map(|r| &r.allows).chain(model.accounts.iter().flat_map(|a| &a.allows));
    for line in allows {
        add(line.span, &mut line.actions.iter().map(|a| &model.actions[a.index()].implies));
    }
    for line in model.roles.iter().flat_map(|r| &r.excepts) {
        add(line.span, &mut line.actions.iter().map(|a| &model.actions[a.index()].implied_by));
    }
    for forbid in &model.forbids {
        add(forbid.span, &mut forbid.actions.iter().map(|a| &model.actions[a.index()].implied_by));
    }
    for action in model.actions.iter().filter(|a| a.resource.is_some()) {
        add(action.span, &mut std::iter::once(&action.implies));
    }
    reach
}

/// Collects the edits of what lines mention.
struct Mentioned<'m, 'a> {
    side: &'m Graph<'a>,
    edits: &'m Edits,
    distance: Distance,
    groups: FxHashSet<usize>,
    found: Found,
}

impl<'m, 'a> Mentioned<'m, 'a> {
    fn new(side: &'m Graph<'a>, edits: &'m Edits, distance: Distance) -> Self {
        Self { side, edits, distance, groups: FxHashSet::default(), found: vec![] }
    }

    fn declaration(&mut self, noun: &'static str, name: &str) {
        let distance = self.distance;
        self.found.extend(self.edits.of(noun, name).iter().map(|edit| (distance, *edit)));
    }

    fn role(&mut self, role: &Role, relevant: impl Fn(&Allow) -> bool) {
        self.scope(role.scope.as_ref().map(|s| &s.node));
        self.gates(&role.when);
        role.allows.iter().filter(|allow| relevant(allow)).for_each(|allow| self.allow(allow));
        role.excepts.iter().for_each(|except| self.scope(Some(&except.on)));
    }

    fn allow(&mut self, allow: &Allow) {
        self.scope(Some(&allow.on));
        self.gates(&allow.when);
    }

    fn gates(&mut self, gates: &[Gate]) {
        for gate in gates {
            match gate {
                Gate::Feature(feature, _) => {
                    let side = self.side;
                    self.declaration("feature", &side.view.model.features[feature.index()].name);
                }
                Gate::ActorIn(pred, _) => self.pred(pred),
            }
        }
    }

    fn scope(&mut self, scope: Option<&Scope>) {
        let parts = scope.into_iter().flat_map(|scope| scope.users.iter().chain(&scope.entities));
        parts.for_each(|pred| self.pred(pred));
    }

    fn pred(&mut self, pred: &Pred) {
        let mut met: Vec<Test> = vec![];
        tests(pred, &mut |test| met.push(test.clone()));
        met.iter().for_each(|test| self.test(test));
    }

    /// Groups build on one another through a hundred steps at most.
    fn test(&mut self, test: &Test) {
        let side = self.side;
        let model = &side.view.model;
        match test {
            Test::Is(attribute, _)
            | Test::Set(attribute)
            | Test::StartsWith(attribute, _)
            | Test::EndsWith(attribute, _)
            | Test::Contains(attribute, _)
            | Test::AtLeast(attribute, _)
            | Test::AtMost(attribute, _) => self.declaration("attribute", &model.attributes[attribute.index()].name),
            Test::Unit(unit) | Test::UnitOnly(unit) => self.declaration("unit", &model.units.nodes[unit.index()].path),
            Test::Label(label) => self.declaration("label", &model.labels.nodes[label.index()].path),
            Test::Relation(relation) => self.declaration("relation", &model.relations[relation.index()].name),
            Test::Group(group) => {
                // A model that is not whole may lack a group.
                let Some(found) = model.groups.get(group.index()) else { return };
                if self.groups.insert(group.index()) {
                    self.declaration("group", &found.name);
                    self.pred(&found.pred);
                }
            }
            Test::Holds(role) | Test::Given(role) => {
                let name = &model.roles[role.index()].name;
                let changed = self.edits.given.get(name).into_iter().chain(self.edits.automatic.get(name));
                self.found.extend(changed.flatten().map(|edit| (self.distance, *edit)));
            }
            Test::OfTier(tier) => self.declaration("tier", &model.tiers[tier.index()].name),
            Test::OwnUnit | Test::Myself | Test::DirectTier(_) => {}
        }
    }
}

#[cfg(test)]
mod tests_of_causes {
    use super::*;
    use crate::diff::edits;
    use crate::diff::testing::Written;

    const BASE: &str = "platform p { super none }\nresponsible \"council\"\nfeature extra\nattribute country { fi, se }\n\
        resource reports on user { view list, open; write edit }\nresource site { view see }\n";

    /// The texts of the edits that a change comes from.
    fn causes(old: &str, new: &str, whose: Whose<'_>, action: &str) -> Vec<String> {
        let (old, new) = (format!("{BASE}{old}"), format!("{BASE}{new}"));
        let (old, new) = (Written::new(&[("p.bw", &old)]), Written::new(&[("p.bw", &new)]));
        let found = edits(&old.policy(), &new.policy());
        let dependencies = Dependencies::new(&old.policy(), &new.policy(), &found);
        let text = |edit: &Edit| {
            edit.before.iter().chain(&edit.after).map(|s| s.text.clone()).collect::<Vec<_>>().join(" => ")
        };
        dependencies.causes(whose, action).into_iter().map(|index| text(&found[index])).collect()
    }

    #[test]
    fn a_line_that_goes_is_named_for_those_who_extend_its_role() {
        let roles = "role c { allow reports.list, reports.open }\nrole b { extends c; allow site.see }\nrole a { extends b }\n\
                     admin ann { role a }\nadmin bo { role c }\n";
        let new = roles.replace("extends c; ", "");
        assert_eq!(causes(roles, &new, Whose::Account("ann"), "reports.list"), ["extends c"]);
        assert_eq!(causes(roles, &new, Whose::Role("a"), "reports.list"), ["extends c"]);
        assert_eq!(causes(roles, &new, Whose::Account("ann"), "site.see"), Vec::<String>::new());
        assert_eq!(causes(roles, &new, Whose::Account("bo"), "reports.list"), Vec::<String>::new());
    }

    #[test]
    fn lines_of_other_actions_are_not_named() {
        let old = "role a { allow reports.list; allow reports.edit on users in self }\nadmin ann { role a }";
        let new = "role a { allow view reports; allow reports.edit }\nadmin ann { role a }";
        let edited = "allow reports.edit on users in self => allow reports.edit";
        assert_eq!(causes(old, new, Whose::Account("ann"), "reports.edit"), [edited]);
        let list = causes(old, new, Whose::Account("ann"), "reports.open");
        assert_eq!(list.len(), 1, "{list:?}");
        assert_eq!(list[0], "allow view reports");
    }

    #[test]
    fn the_nearest_edit_comes_first() {
        let old =
            "group g = country is fi\nrole a { allow reports.list on users in g when extra }\nadmin ann { role a }";
        let new = "group g = country is se\nrole a { allow reports.list on users in g }\nrole b { allow reports }\n\
                   admin ann { role a; role b; country se }\nforbid reports.list on users in g for users in g\nforbid site";
        let found = causes(old, new, Whose::Account("ann"), "reports.list");
        let wanted = [
            "role b",
            "allow reports.list on users in g when extra => allow reports.list on users in g",
            "role b",
            "allow reports",
            "country se",
            "group g = country is fi => group g = country is se",
            "forbid reports.list on users in g for users in g",
        ];
        assert_eq!(found, wanted);
    }

    #[test]
    fn switches_and_protected_holders_are_causes() {
        let old = "role a when extra { allow reports.list }\nrole boss { allow site.see }\nadmin ann { role a }\n\
                   forbid reports on users in holders of boss\nadmin cy { role a }";
        let off = format!("{}\n", old.replace("admin cy { role a }", "admin cy { role a; role boss }"));
        assert_eq!(causes(old, &off, Whose::Account("ann"), "reports.list"), ["role boss"]);
        let (on, off) = (
            format!("feature more\n{old}").replace("extra", "more"),
            format!("feature more off\n{old}").replace("extra", "more"),
        );
        assert_eq!(causes(&on, &off, Whose::Account("ann"), "reports.list"), ["on => off"]);
    }
}
