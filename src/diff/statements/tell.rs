//! Statements put together: all roles, actions and accounts of which the same is told are one.

use std::collections::{BTreeMap, BTreeSet};

use super::{Causes, EXAMPLES, RoleItem, Statements, Told, Writer};
use crate::diff::change::{ActionName, Change, Period, Subject};
use crate::diff::risk::{Reach, risk};
use crate::diff::tables::compare::Comparison;

/// What is told of an account, of several actions.
#[derive(Default)]
struct OfLogin {
    actions: BTreeSet<u32>,
    through: BTreeSet<String>,
    witness: String,
}

/// What is told of several accounts alike.
#[derive(Default)]
struct Alike {
    accounts: BTreeSet<usize>,
    through: BTreeSet<String>,
    witness: String,
}

/// What is told of several roles alike: each with what it is told of.
type Roles = Vec<(u32, Vec<RoleItem>)>;

impl Writer<'_, '_, '_> {
    pub(super) fn finish(mut self) -> Statements {
        self.tell_roles();
        self.tell_accounts();
        self.tell_unnamed();
        self.out
            .changes
            .sort_by(|a, b| (&a.subject, &a.actions, a.direction).cmp(&(&b.subject, &b.actions, b.direction)));
        self.out
    }

    fn tell_roles(&mut self) {
        let mut by_role: BTreeMap<(u32, Told), Vec<RoleItem>> = BTreeMap::new();
        for item in std::mem::take(&mut self.roles) {
            let name = self.found.rights.view.joint.roles.name(item.role).to_owned();
            let causes = self.causes_of_role(&name, &item);
            let told = Told {
                direction: item.direction,
                region: item.region.clone(),
                days: item.days,
                causes,
                over_super: item.over_super,
            };
            by_role.entry((item.role, told)).or_default().push(item);
        }
        // Roles that change alike for the same reason are one statement: of the role whose line it is, the others extend it.
        let mut alike: BTreeMap<(Told, Vec<u32>), Roles> = BTreeMap::new();
        for ((role, told), items) in by_role {
            let actions = items.iter().map(|item| item.action).collect();
            alike.entry((told, actions)).or_default().push((role, items));
        }
        for ((told, actions), roles) in alike {
            let mut names: Vec<String> =
                roles.iter().map(|(role, _)| self.found.rights.view.joint.roles.name(*role).to_owned()).collect();
            let own = |name: &String| self.is_within(&told.causes, name);
            if let Some(at) = names.iter().position(own) {
                names.swap(0, at);
            }
            names[1..].sort();
            let touched: BTreeSet<usize> =
                roles.iter().flat_map(|(_, items)| items).flat_map(|item| item.touched.iter().copied()).collect();
            let witness = roles.iter().flat_map(|(_, items)| items).map(|item| item.witness.clone()).next();
            let subject = Subject::Role(names.remove(0));
            let change = self.change((subject, names), told, &actions, &touched, witness.unwrap_or_default());
            self.out.changes.push(change);
        }
    }

    /// Whether one of these edits stands in the declaration of the role.
    fn is_within(&self, edits: &[usize], role: &str) -> bool {
        match self.causes {
            Causes::Words(words) => edits.iter().any(|edit| words.is_within_role(*edit, role)),
            Causes::Records(records) => {
                let blocks = ["role", "profile"].map(|noun| format!("{noun} {role}"));
                edits.iter().any(|edit| blocks.contains(&records.edits[*edit].within))
            }
        }
    }

    fn tell_accounts(&mut self) {
        let mut by_login: BTreeMap<(Told, usize), OfLogin> = BTreeMap::new();
        for of in std::mem::take(&mut self.accounts) {
            let known = by_login.entry((of.told, of.account));
            let all = known.or_insert_with(|| OfLogin { witness: of.witness, ..OfLogin::default() });
            all.actions.insert(of.action);
            all.through.extend(of.through);
        }
        let mut alike: BTreeMap<(Told, Vec<u32>), Alike> = BTreeMap::new();
        for ((told, account), OfLogin { actions, through, witness }) in by_login {
            let actions = actions.into_iter().collect();
            let all = alike.entry((told, actions)).or_insert_with(|| Alike { witness, ..Alike::default() });
            all.accounts.insert(account);
            all.through.extend(through);
        }
        for ((told, actions), Alike { accounts, through, witness }) in alike {
            let subject = match accounts.first() {
                Some(only) if accounts.len() == 1 => Subject::Account(self.found.pairs[*only].login.clone()),
                _ => Subject::Accounts,
            };
            let change = self.change((subject, vec![]), told, &actions, &accounts, witness);
            self.out.changes.push(Change { through: through.into_iter().collect(), ..change });
        }
    }

    fn tell_unnamed(&mut self) {
        let mut alike: BTreeMap<Told, (Vec<u32>, String)> = BTreeMap::new();
        for (told, action, witness) in std::mem::take(&mut self.unnamed) {
            alike.entry(told).or_insert_with(|| (vec![], witness)).0.push(action);
        }
        for (told, (actions, witness)) in alike {
            let change = self.change((Subject::Unnamed, vec![]), told, &actions, &BTreeSet::new(), witness);
            self.out.changes.push(change);
        }
    }

    fn change(
        &self,
        (subject, also): (Subject, Vec<String>),
        told: Told,
        actions: &[u32],
        accounts: &BTreeSet<usize>,
        witness: String,
    ) -> Change {
        let all = &self.found.rights.view.joint.actions;
        let kinds: Vec<_> = actions.iter().map(|a| all[*a as usize].kind).collect();
        let more = told.direction.is_more();
        let logins: Vec<String> = accounts.iter().map(|account| self.found.pairs[*account].login.clone()).collect();
        let tier = if more { self.found.risen(&logins) } else { None };
        let reach = Reach { everything: told.region.is_empty(), over_super: told.over_super, tier };
        let (risk, reason) = risk(more, &kinds, &reach);
        let mut actions: Vec<ActionName> = actions
            .iter()
            .map(|a| &all[*a as usize])
            .map(|a| ActionName { path: a.path.clone(), kind: a.kind.as_str() })
            .collect();
        actions.sort();
        actions.dedup();
        Change {
            subject,
            also,
            direction: told.direction,
            actions,
            region: told.region,
            period: self.found.period(told.days),
            witness,
            accounts: logins.len(),
            examples: logins.iter().take(EXAMPLES).cloned().collect(),
            logins,
            through: vec![],
            causes: told.causes,
            risk,
            reason,
        }
    }
}

impl Comparison<'_> {
    /// A period from the day of the comparison on; none for always.
    fn period(&self, (from, until): (i32, i32)) -> Option<Period> {
        let from = (from > self.at()).then_some(from);
        let until = (until < i32::MAX).then_some(until);
        (from.is_some() || until.is_some()).then_some(Period { from, until })
    }
}
