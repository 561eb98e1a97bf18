//! Cards: which assignments of an account are entries, and the words of cards and chunks.

use bailiwick_table::layout::{card, limit};
use smallvec::SmallVec;

use super::Refused;
use crate::lower::rights::{AccountRights, Assignment, Fence, FenceId, Rights, Statement};
use crate::model::Account;
use crate::region::{Node, NodeId, Nodes, Test};

/// The units of an entry, each with the end of its subtree.
pub(super) type Subtrees = SmallVec<[[u32; 2]; 3]>;

/// The words of a card or chunk, as bytes.
pub(super) type Bytes = SmallVec<[u8; card::SIZE]>;

/// Entries of one assignment: a role, and units with the ends of their subtrees; no units when it is for everything.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) role: u32,
    pub(super) units: Subtrees,
}

/// What the units of a fence are for that an entry can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Everywhere,
    Entities,
    Users,
    Both,
}

impl Part {
    /// As flags of a card.
    const fn flags(self) -> u32 {
        match self {
            Self::Everywhere => 0,
            Self::Entities => card::ENTITIES,
            Self::Users => card::USERS,
            Self::Both => card::ENTITIES | card::USERS,
        }
    }
}

/// What the cards of a policy are made from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cards<'r> {
    pub(super) rights: &'r Rights,
    /// The end of each unit's subtree.
    pub(super) ends: &'r [u32],
    /// What the units of each fence are for, by its id; none where an entry cannot name it.
    pub(super) parts: &'r [Option<Part>],
}

/// What the units of each fence are for: asked for once, since millions of assignments have one.
pub(super) fn parts(rights: &Rights, ends: &[u32]) -> Vec<Option<Part>> {
    let cards = Cards { rights, ends, parts: &[] };
    rights.fences.iter().map(|fence| cards.part(*fence)).collect()
}

impl Cards<'_> {
    /// What a fence is for, and the predicate of its units.
    fn within(fence: Fence) -> Option<(Part, NodeId)> {
        let everywhere = |node: NodeId| node == Nodes::TRUE;
        Some(match (fence.rect.entities, fence.rect.users) {
            (one, other) if everywhere(one) && everywhere(other) => (Part::Everywhere, Nodes::TRUE),
            (node, other) if everywhere(other) => (Part::Entities, node),
            (other, node) if everywhere(other) => (Part::Users, node),
            (node, other) if node == other => (Part::Both, node),
            _ => return None,
        })
    }

    fn part(self, fence: Fence) -> Option<Part> {
        let (part, node) = Self::within(fence)?;
        if part == Part::Everywhere {
            return (!fence.restricted).then_some(part);
        }
        let all = match self.rights.nodes.get(node) {
            Node::Or(any) if any.len() <= card::UNITS_EACH => any.iter().all(|child| self.subtree(*child).is_some()),
            _ => self.subtree(node).is_some(),
        };
        (all && fence.restricted).then_some(part)
    }

    /// The units of a fence that an entry can name, sorted.
    fn subtrees(self, fence: FenceId) -> Subtrees {
        let within = Self::within(self.rights.fences[fence.0 as usize]);
        let Some((_, node)) = within.filter(|(part, _)| *part != Part::Everywhere) else { return Subtrees::new() };
        let mut units: Subtrees = match self.rights.nodes.get(node) {
            Node::Or(any) => any.iter().filter_map(|child| self.subtree(*child)).collect(),
            _ => self.subtree(node).into_iter().collect(),
        };
        units.sort_unstable();
        units
    }

    /// A unit and the end of its subtree, where an entry can name it.
    fn subtree(self, node: NodeId) -> Option<[u32; 2]> {
        let Node::Test(Test::Unit(unit)) = self.rights.nodes.get(node) else { return None };
        let end = *self.ends.get(unit.index())?;
        (end <= card::UNITS).then_some([unit.0, end])
    }

    /// What an assignment is for that could be an entry: a role's row, on the days of the account, from its own block, behind a fence
    /// of units.
    fn enterable(self, account: &Account, one: &Assignment) -> Option<Part> {
        let part = self.parts[one.fence.0 as usize]?;
        self.rights.rows[one.row.0 as usize].role?;
        let own = || match self.rights.origins[one.origin.0 as usize].statement {
            Statement::Own(..) => true,
            Statement::Said(_) => super::own_statement(self.rights.said(one.origin), &account.block).is_some(),
        };
        (one.days == account.valid && own()).then_some(part)
    }
}

/// Which of an account's assignments are entries; the same in whatever order they stand.
#[derive(Debug, Clone, Copy)]
pub(super) enum Plan {
    /// Those that are for everything, and those whose units are for this.
    For(Option<Part>),
    /// None: an account with very many assignments has no entries.
    Nothing,
}

impl Plan {
    /// Entities first, then users, then both: the first that any fence is for.
    pub(super) fn of(cards: Cards<'_>, account: &Account, of: &AccountRights) -> Self {
        let parts = || of.assignments.iter().filter_map(|one| cards.enterable(account, one));
        if of.assignments.len() > limit::ENTERED && parts().count() > limit::ENTERED {
            return Self::Nothing;
        }
        let mut seen = [false; 3];
        for part in parts() {
            match part {
                Part::Everywhere => {}
                Part::Entities => seen[0] = true,
                Part::Users => seen[1] = true,
                Part::Both => seen[2] = true,
            }
        }
        let order = [Part::Entities, Part::Users, Part::Both];
        Self::For(order.into_iter().zip(seen).find(|(_, seen)| *seen).map(|(part, _)| part))
    }

    /// Whether an assignment is an entry.
    pub(super) fn enters(self, cards: Cards<'_>, account: &Account, one: &Assignment) -> bool {
        let Self::For(own) = self else { return false };
        cards.enterable(account, one).is_some_and(|part| part == Part::Everywhere || own == Some(part))
    }

    /// The assignment as an entry, if it is one.
    pub(super) fn entry(self, cards: Cards<'_>, account: &Account, one: &Assignment) -> Option<Entry> {
        let role = cards.rights.rows[one.row.0 as usize].role?;
        self.enters(cards, account, one).then(|| Entry { role: role.0, units: cards.subtrees(one.fence) })
    }

    /// What the units of its entries are for, as flags.
    pub(super) fn parts(self) -> u32 {
        match self {
            Self::For(Some(part)) => part.flags(),
            Self::For(None) | Self::Nothing => 0,
        }
    }
}

/// The first word of a card or chunk, and its assignments behind it, as bytes.
pub(super) fn bytes(entries: &[(Entry, bool)], flags: u32) -> Bytes {
    let mut head = flags;
    let mut count = 0;
    for (assignment, (entry, given)) in entries.iter().take(card::ROLES).enumerate() {
        let length = entry.size() as u32;
        head |= length << (card::LENGTH_BITS as usize * assignment);
        head |= u32::from(*given) << (card::GIVEN as usize + assignment);
        count += length;
    }
    head |= count << card::COUNT;
    let mut bytes = Bytes::new();
    bytes.extend_from_slice(&head.to_le_bytes());
    let mut put = |number: u32| bytes.extend_from_slice(&number.to_le_bytes()[..2]);
    for assignment in 0..card::ROLES {
        put(entries.get(assignment).map_or(0, |(entry, _)| entry.role));
    }
    let here = || entries.iter().take(card::ROLES).map(|(entry, _)| &entry.units);
    for units in here() {
        units.iter().for_each(|[first, _]| put(*first));
        if units.is_empty() {
            put(0);
        }
    }
    for units in here() {
        units.iter().for_each(|[_, end]| put((end - 1) | u32::from(card::LAST)));
        if units.is_empty() {
            put(u32::from(card::EVERYWHERE));
        }
    }
    bytes
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
