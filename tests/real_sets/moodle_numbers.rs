//! Moodle's default roles: the compiled table gives exactly what is known of them.

use std::collections::{BTreeMap, BTreeSet};

use bailiwick::Compiled;
use bailiwick_table::{ActionId, Kind};
use serde_json::{Value, json};

use crate::asked::{Asked, compiled};
use crate::moodle::{Clones, Held, Moodle, PAIRS};
use crate::moodle_findings::Defect;
use crate::{corpus, expected, fingerprint};

/// A role, a capability, and what the role is told of it.
type Triple<'s> = [&'s str; 3];

/// A compiled reading of the set.
struct Reading<'s> {
    set: &'s Moodle,
    compiled: &'s Compiled,
    asked: Asked<'s>,
    /// The capability that each action of the table is.
    actions: BTreeMap<ActionId, &'s str>,
}

impl<'s> Reading<'s> {
    fn of(set: &'s Moodle, compiled: &'s Compiled) -> Self {
        let asked = Asked::of(compiled);
        let actions = set.capabilities.values().map(|c| (asked.action(&c.path()), c.name.as_str())).collect();
        Self { set, compiled, asked, actions }
    }

    /// The capabilities that a role gives.
    fn gives(&self, role: &str) -> BTreeSet<&'s str> {
        self.asked.listed(self.asked.role(role)).iter().filter_map(|action| self.actions.get(action).copied()).collect()
    }

    /// The capabilities that an account has.
    fn has(&self, login: &str) -> usize {
        let account = self.asked.account(login);
        self.actions.keys().filter(|action| self.asked.may(account, **action)).count()
    }

    /// The capabilities that are forbidden to the holder of a role.
    fn prohibited(&self, role: &str) -> BTreeSet<&'s str> {
        let account = self.asked.account(role);
        self.actions
            .iter()
            .filter(|(action, _)| self.asked.forbidden(account, **action))
            .map(|(_, name)| *name)
            .collect()
    }

    /// The capabilities that a role takes out of what it gives; where nothing gives them this leaves no trace in the table.
    fn prevented(&self, role: &str) -> BTreeSet<&'s str> {
        let model = self.compiled.model();
        let excepts = model.roles.iter().filter(|r| r.name == role).flat_map(|r| &r.excepts);
        let paths = excepts.flat_map(|e| e.actions.iter()).map(|action| model.actions[action.index()].path.as_str());
        paths.map(|path| self.actions[&self.asked.action(path)]).collect()
    }

    fn triples(&self) -> Vec<Triple<'s>> {
        let of_role = |role: &'s str| {
            let gives = self.gives(role).into_iter().map(move |c| [role, c, "allow"]);
            let prevented = self.prevented(role).into_iter().map(move |c| [role, c, "prevent"]);
            gives.chain(prevented).chain(self.prohibited(role).into_iter().map(move |c| [role, c, "prohibit"]))
        };
        self.set.roles().into_iter().flat_map(of_role).collect()
    }

    fn allowed_per_role(&self) -> Value {
        let count = |role: &str| (role.to_owned(), self.gives(role).len().into());
        Value::Object(self.set.roles().into_iter().map(count).collect())
    }

    /// How many capabilities are of this kind.
    fn of_kind(&self, kind: Kind) -> usize {
        self.actions.keys().filter(|a| self.asked.table.action_of(**a).is_some_and(|a| a.kind == kind)).count()
    }

    /// How many capabilities stand in the resources of each context level.
    fn of_levels(&self) -> Value {
        let mut levels = BTreeMap::<&str, usize>::new();
        for action in self.actions.keys() {
            let resource = self.asked.table.action_of(*action).and_then(|a| a.resource).expect("a resource");
            *levels.entry(resource.rsplit_once(" at ").expect("a level").1).or_default() += 1;
        }
        json!(levels)
    }

    /// How many pairs of roles there are where one may do this with the other.
    fn role_allows(&self) -> Value {
        let mut kinds = BTreeMap::<&str, usize>::new();
        for role in self.set.roles() {
            let given = self.asked.decided(self.asked.account(role));
            for action in given.iter().filter_map(|a| self.asked.table.action_of(*a)) {
                let about_a_role = action.resource.is_some_and(|r| r.starts_with("role "));
                let kind = if about_a_role { action.path.rsplit('.').next() } else { action.assigns.map(|_| "assign") };
                *kinds.entry(kind.unwrap_or("")).or_default() += 1;
            }
        }
        kinds.remove("");
        json!(kinds)
    }
}

/// How often each text comes.
fn tally<'s>(texts: impl IntoIterator<Item = &'s str>) -> Value {
    let mut counts = BTreeMap::<&str, usize>::new();
    texts.into_iter().for_each(|text| *counts.entry(text).or_default() += 1);
    json!(counts)
}

/// The numbers that follow from what the tables allow and prohibit.
fn effective(declared: &Reading<'_>, cloned: &Reading<'_>) -> Value {
    let set = declared.set;
    let [told, told_cloned] = [declared.triples(), cloned.triples()];
    let [(triples, hash), (cloned_triples, cloned_hash)] = [&told, &told_cloned].map(|t| fingerprint::of(t.clone()));
    let of = |name: &str, told: &[Triple<'_>]| {
        told.iter().filter(|t| t[1] == name).map(|t| (t[0].to_owned(), t[2].to_owned())).collect::<BTreeSet<_>>()
    };
    let takers = set.capabilities.values().filter(|c| set.source(c).is_some()).map(|c| c.name.as_str());
    let held: BTreeSet<&str> = set.roles().into_iter().flat_map(|role| declared.gives(role)).collect();
    let without =
        |one: &str, other: &str| declared.gives(one).difference(&declared.gives(other)).copied().collect::<Vec<_>>();
    let risky = |role: &str| {
        let risks = |name: &str| set.capabilities[name].risks.split('|').any(|risk| risk == "xss");
        declared.gives(role).into_iter().filter(|name| risks(name)).collect::<Vec<_>>()
    };
    let prohibited = set.roles().into_iter().map(|role| (role.to_owned(), declared.prohibited(role)));
    let [(user_and_guest, [user, guest]), (student_and_user, _)] = PAIRS;
    json!({
        "declared_triples": triples,
        "declared_sha256": hash,
        "effective_triples_after_clone": cloned_triples,
        "effective_sha256_after_clone": cloned_hash,
        "allow_per_role_declared": declared.allowed_per_role(),
        "allow_per_role_effective": cloned.allowed_per_role(),
        "permissions": tally(told.iter().map(|t| t[2])),
        "prohibited": prohibited.filter(|(_, names)| !names.is_empty()).collect::<BTreeMap<_, _>>(),
        "clone_changes_permissions": takers.filter(|name| of(name, &told) != of(name, &told_cloned)).collect::<Vec<_>>(),
        "capabilities": declared.actions.len(),
        "capabilities_no_role_has": declared.actions.len() - held.len(),
        "captype": json!({ "read": declared.of_kind(Kind::View), "write": declared.of_kind(Kind::Write) }),
        "contextlevel": declared.of_levels(),
        "editingteacher_not_in_manager": without("editingteacher", "manager"),
        "teacher_not_subset_of_editingteacher": without("teacher", "editingteacher"),
        "manager_xss_caps": risky("manager").len(),
        "student_xss_caps": risky("student"),
        "student_plus_user": declared.has(student_and_user),
        "user_plus_guest_allow_minus_prohibit": declared.has(user_and_guest),
        "user_plus_guest_plain_union": declared.gives(user).union(&declared.gives(guest)).count(),
        "role_allows": declared.role_allows(),
    })
}

/// The numbers that describe what upstream wrote: of the compiled policy where they are in it, else of the rows as read.
fn written(set: &Moodle, compiled: &Compiled, defects: &[Defect]) -> Value {
    let model = compiled.model();
    let capabilities = || set.capabilities.values();
    let clones = || capabilities().filter(|c| !c.clone_of.is_empty());
    let known = |c: &&crate::moodle::Capability| set.capabilities.contains_key(&c.clone_of);
    // An action implies itself too.
    let implied: usize = model.actions.iter().map(|a| a.implies.count_ones(..) - 1).sum();
    json!({
        "roles": model.roles.len(),
        "components": capabilities().map(|c| &c.component).collect::<BTreeSet<_>>().len(),
        "risks": tally(capabilities().flat_map(|c| c.risks.split('|')).filter(|risk| !risk.is_empty())),
        "clone_declared": clones().count(),
        "clone_dangling": clones().filter(|c| !known(c)).count(),
        "clone_same_component": clones().filter(|c| known(c) && set.source(c).is_none()).count(),
        "clone_resolved_caps": implied,
        "defects": tally(defects.iter().map(|d| d.defect.as_str())),
    })
}

#[test]
fn the_table_gives_what_the_default_roles_do() {
    let Some(folder) = corpus::folder("moodle") else { return };
    let set = Moodle::read(&folder);
    let [declared, cloned] = [Clones::Ignored, Clones::Implied].map(|c| compiled(&set.sources(c, Held::Everywhere)));
    let reading = Reading::of(&set, &declared);
    let mut numbers = effective(&reading, &Reading::of(&set, &cloned));
    let defects: Vec<Defect> = corpus::rows(&folder, "upstream_defects.csv");
    let Value::Object(more) = written(&set, &cloned, &defects) else { panic!("no map") };
    numbers.as_object_mut().expect("a map").extend(more);
    expected::agree(&folder, numbers, &[]);

    for allow in &set.role_allows {
        let action = reading.asked.action(&allow.path());
        assert!(reading.asked.may(reading.asked.account(&allow.role), action), "{}: {}", allow.role, allow.path());
    }
    for role in set.roles() {
        let decided = reading.asked.decided(reading.asked.account(role));
        assert_eq!(reading.asked.listed(reading.asked.role(role)), decided, "{role}: rows and decisions");
    }
}
