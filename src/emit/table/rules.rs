//! Prohibitions, action by action, and automatic rules.

use bailiwick_table::layout::{action, section};

use super::{Refused, Writer};
use crate::lower::rights::Days;

impl Writer<'_> {
    /// Both kinds of rule, sorted by content.
    pub(super) fn rules(&mut self) -> Result<(), Refused> {
        self.forbids();
        self.automatic();
        Ok(())
    }

    fn forbids(&mut self) {
        let rights = self.rights;
        let mut forbids: Vec<_> = rights
            .forbids
            .iter()
            .map(|f| {
                let [entities, users] = self.nodes.rect(f.rect);
                let nodes = [entities, users, self.nodes.reference(f.actors), self.nodes.reference(f.unless)];
                (self.text(f.origin, None), nodes, &f.actions, f.origin)
            })
            .collect();
        forbids.sort_unstable();
        forbids.dedup_by(|b, a| (a.0, a.1, a.2) == (b.0, b.1, b.2));
        let mut by_action = vec![vec![]; self.model.actions.len()];
        for (number, (text, [entities, users, actors, unless], actions, origin)) in (0_u32..).zip(forbids) {
            let text = self.string(text);
            self.sections.push(section::FORBIDS, &[entities, users, actors, unless, text]);
            self.provenance.forbids.push(origin);
            for action in actions {
                by_action[action.index()].push(number);
            }
        }
        for (action, list) in by_action.into_iter().enumerate() {
            if !list.is_empty() {
                self.marks[action] |= action::FORBIDDEN;
            }
            let start = self.sections.next(section::FORBID_LIST);
            self.sections.push(section::FORBID_STARTS, &[start]);
            self.sections.push(section::FORBID_LIST, &list);
        }
        let end = self.sections.next(section::FORBID_LIST);
        self.sections.push(section::FORBID_STARTS, &[end]);
    }

    fn automatic(&mut self) {
        let rights = self.rights;
        let mut rules: Vec<_> = rights
            .automatic
            .iter()
            .filter_map(|rule| {
                let fence = rights.fences[rule.fence.0 as usize];
                let who = self.nodes.reference(rule.users);
                let role = self.role_of(rule.row)?;
                Some((
                    self.text(rule.origin, None),
                    who,
                    role,
                    self.nodes.rect(fence.rect),
                    fence.restricted,
                    rule.origin,
                ))
            })
            .collect();
        rules.sort_unstable();
        rules.dedup_by(|b, a| (a.0, a.1, a.2, a.3, a.4) == (b.0, b.1, b.2, b.3, b.4));
        for (text, who, role, [entities, users], restricted, origin) in rules {
            let (row, terms) = self.row_word(role, restricted, Days::ALWAYS, Some(text));
            self.sections.push(section::AUTOMATIC, &[who, row, entities, users, terms]);
            self.provenance.automatic.push(origin);
        }
    }
}
