//! Moodle's default roles: who comes to more than it has, by giving roles, by logging in as somebody, by overriding a role.
//!
//! In the policy of the other tests a capability is an action and nothing more. Here two of them do what they do in Moodle:
//! `moodle/user:loginas` acts as an account, and `moodle/role:override` changes what the holders of a role have, for the roles that
//! the data says. `moodle/role:safeoverride` alone changes no more than what carries no risk, and stays an action.

use std::collections::{BTreeMap, BTreeSet};

use bailiwick::check::bw009;
use bailiwick::diagnostic::Finding;
use bailiwick::source::SourceMap;
use bailiwick::{Options, compile};

use crate::corpus;
use crate::moodle::{Clones, Held, Moodle};

/// Where Moodle declares that somebody logs in as another.
const LOGINAS: &str = "moodle/user:loginas";

impl Moodle {
    /// Who has a capability, by the data.
    fn holders(&self, capability: &str) -> BTreeSet<&str> {
        let allowed = self.permissions.iter().filter(|p| p.capability == capability && p.permission == "allow");
        allowed.map(|p| p.role.as_str()).collect()
    }

    /// What a role is allowed, by the data.
    fn allowed(&self, role: &str) -> BTreeSet<&str> {
        let allowed = self.permissions.iter().filter(|p| p.role == role && p.permission == "allow");
        allowed.map(|p| p.capability.as_str()).collect()
    }

    /// The policy in which the two capabilities do what they do.
    fn with_powers(&self) -> SourceMap {
        let sources = self.sources(Clones::Ignored, Held::Everywhere);
        let mut text = sources.iter().map(|(_, source)| source.text.as_str()).collect::<String>();
        let path = self.capabilities[LOGINAS].path();
        let mut replace = |old: &str, new: &str| {
            assert!(text.contains(old), "the policy has no `{old}`");
            text = text.replace(old, new);
        };
        replace("  write loginas\n", "");
        replace(&path, "accounts.loginas");
        for allow in self.role_allows.iter().filter(|a| a.kind == "override") {
            let target = &allow.target_role;
            if self.holders("moodle/role:override").contains(allow.role.as_str()) {
                let head = format!("role {} {{\n", allow.role);
                replace(&head, &format!("{head}  allow overrides.{target} on users in holders of {target}\n"));
            }
        }
        text += "resource accounts on account { become loginas }\n";
        let overridden: BTreeSet<&str> = self.role_allows.iter().map(|a| a.target_role.as_str()).collect();
        let overridden: Vec<String> = overridden.iter().map(|role| format!("write {role} changes roles")).collect();
        text += &format!("resource overrides on account {{ {} }}\n", overridden.join("; "));
        text += "lint BW504 warning\nlint BW510 warning\nlint BW509 warning\n";
        SourceMap::single("moodle.bw", &text)
    }
}

/// Every finding about delegation and escalation: its code, and the roles that its message names. Nothing may be undecided.
fn told(sources: &SourceMap) -> Vec<(&'static str, Vec<String>)> {
    let outcome = compile(sources, &Options { at: Some(20_600), ..Options::default() });
    assert!(outcome.compiled.is_some(), "{:?}", outcome.findings);
    assert!(outcome.findings.iter().all(|f| f.code != bw009::CODE), "something is undecided");
    let roles = |f: &Finding| {
        let quoted = f.message.split('`').skip(1).step_by(2).filter(|name| !name.contains('.'));
        quoted.map(str::to_owned).collect()
    };
    let of_delegation = outcome.findings.iter().filter(|f| f.code.0.starts_with("BW5"));
    let mut told: Vec<_> = of_delegation.map(|f| (f.code.0, roles(f))).collect();
    told.sort();
    told
}

/// How many findings of each code speak of each role as the one who comes to more, or as one of two who administer each other.
fn counts(told: &[(&'static str, Vec<String>)]) -> BTreeMap<(&'static str, String), usize> {
    let mut counts = BTreeMap::new();
    for (code, roles) in told {
        for who in if *code == "BW508" { &roles[..] } else { &roles[..1] } {
            *counts.entry((*code, who.clone())).or_default() += 1;
        }
    }
    counts
}

fn expected(counts: &[(&'static str, &str, usize)]) -> BTreeMap<(&'static str, String), usize> {
    counts.iter().map(|(code, role, count)| ((*code, (*role).to_owned()), *count)).collect()
}

#[test]
fn who_may_assign_what_it_has_not() {
    let Some(folder) = corpus::folder("moodle") else { return };
    let set = Moodle::read(&folder);
    let told = told(&set.sources(Clones::Ignored, Held::Everywhere));
    let known = [
        ("BW501", "editingteacher", 1),
        ("BW501", "manager", 3),
        ("BW508", "editingteacher", 1),
        ("BW508", "manager", 1),
    ];
    assert_eq!(counts(&told), expected(&known));
    assert_eq!(told.len(), 5);
    // The same by plain sets of capabilities.
    let assigns = set.role_allows.iter().filter(|a| a.kind == "assign");
    let more = assigns.filter(|a| !set.allowed(&a.target_role).is_subset(&set.allowed(&a.role)));
    let more: BTreeSet<_> = more.map(|a| vec![a.role.clone(), a.target_role.clone()]).collect();
    let amplified: BTreeSet<_> =
        told.iter().filter(|(code, _)| *code == "BW501").map(|(_, roles)| roles.clone()).collect();
    assert_eq!(amplified, more);
}

#[test]
fn who_comes_to_more_by_its_powers() {
    let Some(folder) = corpus::folder("moodle") else { return };
    let set = Moodle::read(&folder);
    let told = told(&set.with_powers());
    let known = [
        ("BW501", "editingteacher", 1),
        ("BW501", "manager", 6), // what it assigns, 3; what it could write into a role that it overrides, 3
        ("BW504", "manager", 1),
        ("BW508", "editingteacher", 1),
        ("BW508", "manager", 1),
        ("BW510", "manager", 1),
    ];
    assert_eq!(counts(&told), expected(&known));
    assert_eq!(told.len(), 10);
    // By plain sets: logging in leads a manager to more wherever somebody has what managers have not.
    let own = set.allowed("manager");
    let more: BTreeSet<&str> = set.roles().into_iter().filter(|r| !set.allowed(r).is_subset(&own)).collect();
    assert!(more.contains("editingteacher") && set.holders(LOGINAS) == BTreeSet::from(["manager"]), "{more:?}");
    let overrides = set.role_allows.iter().filter(|a| a.kind == "override" && a.role == "manager");
    let overridden: BTreeSet<&str> = overrides.map(|a| a.target_role.as_str()).collect();
    assert!(overridden.contains("manager"), "a manager overrides its own role");
    // A role that is overridden can be given whatever another role has that managers have not.
    let given: BTreeSet<&str> = told
        .iter()
        .filter(|(code, roles)| *code == "BW501" && roles[0] == "manager")
        .map(|(_, r)| r[1].as_str())
        .collect();
    assert_eq!(given, more);
}
