//! Cards: which assignments of an account are entries, and the words of cards and chunks.

use bailiwick_table::layout::{card, limit};

use super::Refused;
use crate::lower::rights::{AccountRights, Rect, Rights, Statement};
use crate::model::{Account, Model};
use crate::region::{Node, NodeId, Nodes, Test};

/// What the units of a card are for: `card::ENTITIES`, `card::USERS` or both.
type Parts = u32;

/// Entries of one assignment: a role, and units with the ends of their subtrees; no units when it is for everything.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) role: u32,
    pub(super) units: Vec<[u32; 2]>,
}

/// Which of an account's assignments are entries; the same in whatever order they stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    parts: Option<Parts>,
}

/// The units of a policy, and the predicates that name them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Units<'r> {
    pub(super) model: &'r Model,
    pub(super) nodes: &'r Nodes,
}

impl Units<'_> {
    /// The units that a fence is for, sorted, and what they are for; none for a fence that is anything else.
    fn listed(self, rect: Rect, restricted: bool) -> Option<(Parts, Vec<[u32; 2]>)> {
        let everywhere = |node: NodeId| node == Nodes::TRUE;
        let (parts, node) = match (rect.entities, rect.users) {
            (one, other) if everywhere(one) && everywhere(other) => return (!restricted).then(|| (0, vec![])),
            (node, other) if everywhere(other) => (card::ENTITIES, node),
            (other, node) if everywhere(other) => (card::USERS, node),
            (node, other) if node == other => (card::ENTITIES | card::USERS, node),
            _ => return None,
        };
        let mut units = match &self.nodes.list()[node.0 as usize] {
            Node::Or(any) if any.len() <= card::UNITS_EACH => {
                any.iter().map(|child| self.subtree(*child)).collect::<Option<Vec<_>>>()?
            }
            _ => vec![self.subtree(node)?],
        };
        units.sort_unstable();
        restricted.then_some((parts, units))
    }

    /// A unit and the end of its subtree, where an entry can name it.
    fn subtree(self, node: NodeId) -> Option<[u32; 2]> {
        let Node::Test(Test::Unit(unit)) = self.nodes.list()[node.0 as usize] else { return None };
        let end = self.model.units.nodes.get(unit.0 as usize)?.end;
        (end <= card::UNITS).then_some([unit.0, end])
    }
}

impl Plan {
    /// Entities first, then users, then both: the first that any fence is for. An account with very many assignments has no entries.
    pub(super) fn of(units: Units<'_>, rights: &Rights, account: &Account, of: &AccountRights) -> Self {
        let all = Self { parts: None };
        let entries = of.assignments.iter().filter_map(|one| all.listed(units, rights, account, one));
        let parts: Vec<Parts> = entries.map(|(parts, _)| parts).collect();
        if parts.len() > limit::ENTERED {
            return Self { parts: Some(u32::MAX) };
        }
        let order = [card::ENTITIES, card::USERS, card::ENTITIES | card::USERS];
        let first = order.into_iter().find(|wanted| parts.contains(wanted));
        Self { parts: Some(first.unwrap_or(0)) }
    }

    /// The assignment as an entry, if it is one.
    pub(super) fn entry(
        self,
        units: Units<'_>,
        rights: &Rights,
        account: &Account,
        one: &crate::lower::rights::Assignment,
    ) -> Option<Entry> {
        let (_, listed) = self.listed(units, rights, account, one)?;
        let role = rights.rows[one.row.0 as usize].role?;
        Some(Entry { role: role.0, units: listed })
    }

    /// What the units of its entries are for.
    pub(super) fn parts(self) -> Parts {
        self.parts.unwrap_or(0)
    }

    /// A role's row, on the days of the account, from its own block, behind a fence of units.
    fn listed(
        self,
        units: Units<'_>,
        rights: &Rights,
        account: &Account,
        one: &crate::lower::rights::Assignment,
    ) -> Option<(Parts, Vec<[u32; 2]>)> {
        let is_role = rights.rows[one.row.0 as usize].role.is_some();
        let own = match &rights.origins[one.origin.0 as usize].statement {
            Statement::Own(..) => true,
            Statement::Said(text) => super::own_statement(text, &account.block).is_some(),
        };
        if !is_role || one.days != account.valid || !own {
            return None;
        }
        let fence = rights.fences[one.fence.0 as usize];
        let (parts, listed) = units.listed(fence.rect, fence.restricted)?;
        let fits = parts == 0 || self.parts.is_none_or(|own| own == parts);
        (fits && self.parts != Some(u32::MAX)).then_some((parts, listed))
    }
}

/// The first word of a card or chunk, and its assignments behind it, as bytes.
pub(super) fn bytes(entries: &[(Entry, bool)], flags: u32) -> Vec<u8> {
    let mut head = flags;
    let mut columns: [Vec<u8>; 3] = Default::default();
    let mut put = |column: usize, number: u32| columns[column].extend_from_slice(&number.to_le_bytes()[..2]);
    let mut count = 0;
    for assignment in 0..card::ROLES {
        let Some((entry, given)) = entries.get(assignment) else {
            put(0, 0);
            continue;
        };
        put(0, entry.role);
        for [first, end] in &entry.units {
            put(1, *first);
            put(2, (end - 1) | u32::from(card::LAST));
        }
        if entry.units.is_empty() {
            put(1, 0);
            put(2, u32::from(card::EVERYWHERE));
        }
        let length = entry.size() as u32;
        head |= length << (card::LENGTH_BITS as usize * assignment);
        head |= u32::from(*given) << (card::GIVEN as usize + assignment);
        count += length;
    }
    head |= count << card::COUNT;
    [head.to_le_bytes().to_vec(), columns.concat()].concat()
}

impl Entry {
    /// How many entries it takes.
    pub(super) fn size(&self) -> usize {
        self.units.len().max(1)
    }
}

/// How many of these entries fit into so many bytes, from the first on.
pub(super) fn fitting(entries: &[(Entry, bool)], room: usize) -> usize {
    let mut size = 0;
    let fits = |(entry, _): &&(Entry, bool)| {
        size += entry.size();
        size <= card::ENTRIES && card::entries(size) <= room
    };
    entries.iter().take(card::ROLES).take_while(fits).count()
}

/// A limit of the format that an account exceeds.
pub(super) fn within(ways: usize, login: usize) -> Result<(), Refused> {
    Refused::over("assignments of one account", ways, limit::ASSIGNMENTS)?;
    Refused::over("bytes in a login", login, limit::LOGIN)
}
