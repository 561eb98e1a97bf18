//! Accounts: a card for each, in the order of their logins, and a block of words where that is too small.

use bailiwick_table::layout::{NONE, block, card, fact, limit, row, section};

use smallvec::SmallVec;

use super::cards::{self, Bytes, Entry, Plan};
use super::{Refused, Writer, index};
use crate::lower::rights::{AccountRights, Days, Given, GivenWhat, OriginId};
use crate::model::Account;
use crate::model::id::{AttributeId, RoleId, TierId};
use crate::region::Value;

/// An assignment that is no entry, by its content.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Way<'m> {
    row: u32,
    entities: u32,
    users: u32,
    days: Days,
    restricted: bool,
    rule: Option<&'m str>,
    origin: OriginId,
}

/// The words of a block that its flags announce.
type Announced = Vec<(u32, u32)>;

/// The ways of an account: those that are entries of its card, with the statements they come from, and the others.
type Ways<'m> = (Entries<OriginId>, Vec<Way<'m>>);

/// Entries, mostly as few as a card holds, each with something about it.
type Entries<T> = SmallVec<[(Entry, T); 4]>;

impl<'m> Writer<'m> {
    /// The cards and blocks, and the index by login.
    pub(super) fn accounts(&mut self) -> Result<(), Refused> {
        let (model, rights) = (self.model, self.rights);
        let mut before: Option<&str> = None;
        let plans = std::mem::take(&mut self.plans);
        for ((account, of), plan) in model.accounts.iter().zip(&rights.accounts).zip(plans) {
            // The checks let no two accounts have one login; who lowers them all the same gets no table.
            Refused::over("accounts of one login", if before == Some(&account.login) { 2 } else { 1 }, 1)?;
            before = Some(&account.login);
            self.account(account, of, plan)?;
        }
        let starts = std::mem::take(&mut self.direct_starts);
        self.sections.push(section::DIRECT_ROWS, &starts);
        let index = index::of(model.accounts.iter().map(|account| account.login.as_str()))?;
        self.sections.push(section::BUCKETS, &index.words);
        self.meta(index.probes);
        Ok(())
    }

    fn account(&mut self, account: &'m Account, rights: &AccountRights, plan: Plan) -> Result<(), Refused> {
        let (entries, ways) = self.ways(account, rights, plan)?;
        let mut loose: SmallVec<[Given; 4]> = rights.given().iter().collect();
        let mut give = |role: Option<u32>, days: Days| {
            let role = role.map(|role| GivenWhat::Role(RoleId(role)));
            let same = |g: &Given| Some(g.what) == role && g.days == days;
            let given = account.active && rights.given().iter().any(|g| same(&g));
            loose.retain(|g| !(given && same(g)));
            given
        };
        let origins = &mut self.provenance.assignments;
        origins.extend(entries.iter().map(|(_, origin)| *origin).chain(ways.iter().map(|way| way.origin)));
        // There are fewer assignments than bytes in a table.
        self.provenance.ends.push(short(self.provenance.assignments.len()));
        let entries: Entries<bool> = entries
            .into_iter()
            .map(|(entry, _)| {
                let given = give(Some(entry.role), account.valid);
                (entry, given)
            })
            .collect();
        let mut assignments = vec![];
        for way in &ways {
            let given = give((way.row < self.role_count()).then_some(way.row), way.days);
            assignments.extend(self.assignment(way, given));
        }
        cards::within(entries.len() + ways.len(), account.login.len())?;
        let standing = self.standing(account, rights, &entries, &ways);
        let (announced, facts) = self.announced(account, &loose, standing);
        self.card((account, plan), &entries, announced, &assignments, &facts)
    }

    /// What the block announces, and the facts.
    fn announced(
        &mut self,
        account: &'m Account,
        loose: &[Given],
        standing: Option<u32>,
    ) -> (Announced, Vec<[u32; 2]>) {
        let mut announced = vec![];
        if account.valid != Days::ALWAYS {
            announced.push((block::DATED, self.pools.days.id(account.valid)));
        }
        if account.name.as_deref() == Some(account.signature()) {
            announced.push((block::NAMED, self.string(account.signature())));
        }
        let facts = self.facts(account, loose);
        if !facts.is_empty() {
            announced.push((block::FACTS, short(facts.len())));
        }
        announced.extend(standing.map(|standing| (block::STANDING, standing)));
        (announced, facts)
    }

    /// Writes the card, and the block where not everything fits into it.
    fn card(
        &mut self,
        (account, plan): (&Account, Plan),
        entries: &[(Entry, bool)],
        mut announced: Announced,
        assignments: &[u32],
        facts: &[[u32; 2]],
    ) -> Result<(), Refused> {
        let size: usize = entries.iter().map(|(entry, _)| entry.size()).sum();
        let login = account.login.as_bytes();
        let in_card = |room: usize| login.len() <= card::LONGEST && card::entries(0) + login.len() <= room;
        let whole = announced.is_empty()
            && assignments.is_empty()
            && in_card(card::SIZE)
            && size <= card::ENTRIES
            && entries.len() <= card::ROLES
            && card::entries(size) + login.len() <= card::SIZE;
        let mut flags = if account.active { card::ACTIVE } else { 0 };
        if entries.iter().any(|(entry, _)| !entry.units.is_empty()) {
            flags |= plan.parts();
        }
        if whole {
            flags |= short(login.len()) << card::LOGIN;
            let mut bytes = cards::bytes(entries, flags);
            bytes.extend_from_slice(login);
            bytes.resize(card::SIZE, 0);
            self.sections.push_bytes(section::ACCOUNTS, &bytes);
            return Ok(());
        }
        // Of a login and the entries, the one that is asked for first has its place.
        let kept = in_card(card::LINK) && card::entries(1) + login.len() <= card::LINK;
        let room = if kept { card::LINK - login.len() } else { card::LINK };
        let (here, chunked) = entries.split_at(cards::fitting(entries, room));
        let mut chunks = vec![];
        let mut left = chunked;
        while !left.is_empty() {
            let (chunk, rest) = left.split_at(cards::fitting(left, card::SIZE).max(1));
            chunks.push(cards::bytes(chunk, 0));
            left = rest;
        }
        Refused::over("chunks of entries", chunks.len(), limit::CHUNKS)?;
        if !kept {
            announced.push((block::LOGIN, short(login.len())));
        }
        for (flag, told) in [
            (card::DATED, account.valid != Days::ALWAYS),
            (card::CHUNKS, !chunks.is_empty()),
            (card::REST, !assignments.is_empty()),
        ] {
            flags |= if told { flag } else { 0 };
        }
        flags |= card::BLOCK | if kept { short(login.len()) << card::LOGIN } else { 0 };
        let mut bytes = cards::bytes(here, flags);
        bytes.extend_from_slice(if kept { login } else { &[] });
        bytes.resize(card::LINK, 0);
        bytes.extend_from_slice(&self.sections.next(section::BLOCKS).to_le_bytes());
        self.sections.push_bytes(section::ACCOUNTS, &bytes);
        self.block(announced, &chunks, assignments, if kept { &[] } else { login }, facts);
        Ok(())
    }

    fn block(
        &mut self,
        mut announced: Announced,
        chunks: &[Bytes],
        assignments: &[u32],
        login: &[u8],
        facts: &[[u32; 2]],
    ) {
        announced.sort_unstable();
        let flags = announced.iter().fold(0, |all, (flag, _)| all | flag);
        let ways = short(assignments.len()) / block::ASSIGNMENT;
        self.sections.push(section::BLOCKS, &[flags | short(chunks.len()) << block::CHUNKS | ways]);
        for (_, word) in announced {
            self.sections.push(section::BLOCKS, &[word]);
        }
        let padded = |bytes: &[u8]| {
            let mut bytes = bytes.to_vec();
            bytes.resize(bytes.len().next_multiple_of(4), 0);
            bytes
        };
        for chunk in chunks {
            self.sections.push_bytes(section::BLOCKS, &padded(chunk));
        }
        self.sections.push(section::BLOCKS, assignments);
        self.sections.push_bytes(section::BLOCKS, &padded(login));
        self.sections.push(section::BLOCKS, &facts.concat());
    }

    fn role_count(&self) -> u32 {
        u32::try_from(self.model.roles.len()).unwrap_or(u32::MAX)
    }

    /// The account's assignments by content, sorted, each only once; those first that are entries.
    fn ways(&mut self, account: &'m Account, rights: &AccountRights, plan: Plan) -> Result<Ways<'m>, Refused> {
        let (mut entries, mut ways) = (Entries::new(), vec![]);
        for assignment in &rights.assignments {
            if let Some(entry) = plan.entry(self.cards(), account, assignment) {
                entries.push((entry, assignment.origin));
                continue;
            }
            let row = match self.role_of(assignment.row) {
                Some(role) => role,
                None => self.direct_row(assignment.row, &account.block)?,
            };
            let fence = self.rights.fences[assignment.fence.0 as usize];
            let [entities, users] = self.nodes.rect(fence.rect);
            let rule = self.rule_text(assignment.origin, &account.block);
            ways.push(Way {
                row,
                entities,
                users,
                days: assignment.days,
                restricted: fence.restricted,
                rule,
                origin: assignment.origin,
            });
        }
        entries.sort_unstable();
        entries.dedup_by(|b, a| a.0 == b.0);
        ways.sort_unstable();
        ways.dedup_by(|b, a| {
            let key = |w: &Way<'m>| (w.row, w.entities, w.users, w.days, w.restricted, w.rule);
            key(a) == key(b)
        });
        Ok((entries, ways))
    }

    fn assignment(&mut self, way: &Way<'m>, given: bool) -> [u32; 4] {
        let (word, terms) = self.row_word(way.row, way.restricted, way.days, way.rule);
        let given = if given { row::GIVEN } else { 0 };
        [word | given, way.entities, way.users, terms]
    }

    /// The word that names a row, and the terms beside it.
    pub(super) fn row_word(&mut self, number: u32, restricted: bool, days: Days, rule: Option<&'m str>) -> (u32, u32) {
        let mut word = number & row::NUMBER;
        if restricted {
            word |= row::RESTRICTED;
        }
        if days != Days::ALWAYS {
            word |= row::DATED;
        }
        let days = self.pools.days.id(days);
        let rule = rule.map_or(NONE, |text| self.string(text));
        (word, self.pools.terms.id((days, rule)))
    }

    /// Tier and primary role in a word, where they are not what a reader takes from the roles of the assignments.
    fn standing(
        &self,
        account: &Account,
        rights: &AccountRights,
        entries: &[(Entry, bool)],
        ways: &[Way<'m>],
    ) -> Option<u32> {
        let of_role = |role: RoleId| self.rights.role_tiers.get(role.index()).copied().flatten();
        let given = rights.given().iter().filter_map(|given| match given.what {
            GivenWhat::Role(role) => of_role(role),
            GivenWhat::DirectTier(tier) => Some(tier),
        });
        let rows = entries.iter().map(|(entry, _)| entry.role).chain(ways.iter().map(|way| way.row));
        let held: SmallVec<[RoleId; 8]> = rows.filter(|row| *row < self.role_count()).map(RoleId).collect();
        let by_rows = held.iter().filter_map(|role| of_role(*role)).max();
        let tier = given.chain(by_rows).max();
        let decides = |role: &RoleId| self.model.roles[role.index()].primary;
        // The role that decides the interface; the checks let an account have one at most.
        let primary = account.assignments.iter().map(|a| a.role).filter(decides).min();
        if (tier, primary) == (by_rows, held.into_iter().filter(decides).min()) {
            return None;
        }
        let tier = tier.map_or(block::NO_TIER, |TierId(tier)| tier);
        Some(tier | primary.map_or(block::NO_PRIMARY, |role| role.0) << 16)
    }

    /// Key and value of each fact, sorted.
    fn facts(&mut self, account: &'m Account, given: &[Given]) -> Vec<[u32; 2]> {
        let key = |kind: u32, id: u32| kind << fact::SHIFT | id;
        let mut facts = vec![];
        let texts = [
            (AttributeId::EMAIL, account.email.as_ref().map(|t| t.node.as_str())),
            (AttributeId::ID, account.id.as_ref().map(|t| t.node.as_str())),
            (AttributeId::NAME, account.name.as_deref()),
        ];
        for (attribute, text) in texts {
            if let Some(text) = text {
                facts.push([key(fact::TEXT, attribute.0), self.string(text)]);
            }
        }
        for set in &account.attributes {
            let id = set.attribute.0;
            facts.push(match &set.value {
                Value::Closed(value) => [key(fact::CHOICE, id), *value],
                Value::Text(text) => [key(fact::TEXT, id), self.string(text)],
                Value::Number(number) => [key(fact::NUMBER, id), self.pools.numbers.id(*number)],
            });
        }
        facts.extend(account.unit.as_ref().map(|unit| [key(fact::UNIT, 0), unit.node.0]));
        facts.extend(account.labels.iter().map(|label| [key(fact::LABEL, label.0), 0]));
        for one in given {
            let days = self.pools.days.id(one.days);
            facts.push(match one.what {
                GivenWhat::Role(role) => [key(fact::GIVEN, role.0), days],
                GivenWhat::DirectTier(tier) => [key(fact::DIRECT_TIER, tier.0), days],
            });
        }
        facts.sort_unstable();
        facts.dedup();
        facts
    }
}

/// A number that was, or is going to be, compared with a limit of sixteen bits; facts are bounded by the file's length.
fn short(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
