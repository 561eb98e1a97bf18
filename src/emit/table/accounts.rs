//! Accounts: a block of words for each, in the order of their logins.

use bailiwick_table::layout::{NONE, block, fact, limit, row, section};

use super::{Refused, Writer, index};
use crate::lower::rights::{AccountRights, Days, Given, GivenWhat, OriginId};
use crate::model::Account;
use crate::model::id::{AttributeId, RoleId, TierId};
use crate::region::Value;

/// An assignment by its content.
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

impl<'m> Writer<'m> {
    /// The blocks, and the index by login.
    pub(super) fn accounts(&mut self) -> Result<(), Refused> {
        let (model, rights) = (self.model, self.rights);
        let mut logins = vec![];
        let mut before: Option<&str> = None;
        for (account, of) in model.accounts.iter().zip(&rights.accounts) {
            // The checks let no two accounts have one login; who lowers them all the same gets no table.
            Refused::over("accounts of one login", if before == Some(&account.login) { 2 } else { 1 }, 1)?;
            before = Some(&account.login);
            let start = self.sections.next(section::BLOCKS);
            self.sections.push(section::ACCOUNTS, &[start]);
            self.account(account, of)?;
            logins.push(account.login.as_str());
        }
        let end = self.sections.next(section::BLOCKS);
        self.sections.push(section::ACCOUNTS, &[end]);
        let starts = std::mem::take(&mut self.direct_starts);
        self.sections.push(section::DIRECT_ROWS, &starts);
        let index = index::of(&logins)?;
        self.sections.push(section::SLOTS, &index.slots);
        self.meta(index.probes);
        Ok(())
    }

    fn account(&mut self, account: &'m Account, rights: &AccountRights) -> Result<(), Refused> {
        let ways = self.ways(account, rights)?;
        let mut loose: Vec<Given> = rights.given.clone();
        let mut assignments = Vec::with_capacity(4 * ways.len());
        for way in &ways {
            let role = (way.row < self.role_count()).then_some(GivenWhat::Role(RoleId(way.row)));
            let same = |g: &Given| Some(g.what) == role && g.days == way.days;
            let given = account.active && rights.given.iter().any(same);
            loose.retain(|g| !(given && same(g)));
            assignments.extend(self.assignment(way, given));
        }
        let facts = self.facts(account, &loose);
        Refused::over("assignments of one account", ways.len(), limit::ASSIGNMENTS)?;
        Refused::over("bytes in a login", account.login.len(), limit::LOGIN)?;
        let mut words = vec![
            short(account.login.len()) | short(ways.len()) << 16,
            self.tier(rights, &ways) | self.primary(account) << 16,
        ];
        if account.active {
            words[1] |= block::ACTIVE;
        }
        if account.valid != Days::ALWAYS {
            words[1] |= block::DATED;
            words.push(self.pools.days.id(account.valid));
        }
        if account.name.as_deref() == Some(account.signature()) {
            words[1] |= block::NAMED;
            words.push(self.string(account.signature()));
        }
        if !facts.is_empty() {
            words[1] |= block::FACTS;
            words.push(short(facts.len()));
        }
        words.extend_from_slice(&assignments);
        self.sections.push(section::BLOCKS, &words);
        let login = account.login.as_bytes();
        self.sections.push_bytes(section::BLOCKS, login);
        self.sections.push_bytes(section::BLOCKS, &[0; 3][..login.len().next_multiple_of(4) - login.len()]);
        self.sections.push(section::BLOCKS, &facts.concat());
        self.provenance.assignments.extend(ways.iter().map(|way| way.origin));
        // There are fewer assignments than bytes in a table.
        self.provenance.ends.push(short(self.provenance.assignments.len()));
        Ok(())
    }

    fn role_count(&self) -> u32 {
        u32::try_from(self.model.roles.len()).unwrap_or(u32::MAX)
    }

    /// The account's assignments by content, sorted, each only once.
    fn ways(&mut self, account: &'m Account, rights: &AccountRights) -> Result<Vec<Way<'m>>, Refused> {
        let mut ways = Vec::with_capacity(rights.assignments.len());
        for assignment in &rights.assignments {
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
        ways.sort_unstable();
        ways.dedup_by(|b, a| {
            let key = |w: &Way<'m>| (w.row, w.entities, w.users, w.days, w.restricted, w.rule);
            key(a) == key(b)
        });
        Ok(ways)
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

    /// The highest tier of what was given, whenever that is valid.
    fn tier(&self, rights: &AccountRights, ways: &[Way<'m>]) -> u32 {
        let of_role = |role: RoleId| self.rights.role_tiers.get(role.index()).copied().flatten();
        let given = rights.given.iter().filter_map(|given| match given.what {
            GivenWhat::Role(role) => of_role(role),
            GivenWhat::DirectTier(tier) => Some(tier),
        });
        let by_rule = ways.iter().filter_map(|way| of_role(RoleId(way.row)));
        given.chain(by_rule).max().map_or(block::NO_TIER, |TierId(tier)| tier)
    }

    /// The role that decides the interface; the checks let an account have one at most.
    fn primary(&self, account: &Account) -> u32 {
        let roles = account.assignments.iter().map(|a| a.role);
        let primary = roles.filter(|role| self.model.roles[role.index()].primary).min();
        primary.map_or(block::NO_PRIMARY, |role| role.0)
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
