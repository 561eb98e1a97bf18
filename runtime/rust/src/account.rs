//! The accounts that a table names.

use crate::block::Block;
use crate::describe::Signature;
use crate::id::{AccountId, ActionId, AttributeId, ForbidId, LabelId, RoleId, TierId, UnitId};
use crate::layout::section;
use crate::login::{self, Login};
use crate::lookup;
use crate::node::Ref;
use crate::question::{Asker, Asking};
use crate::raw::Days;
use crate::table::Table;
use crate::target::{Fact, Value};

/// An account that the table names.
#[derive(Debug, Clone, Copy)]
pub struct Account<'t> {
    pub(crate) block: Block<'t>,
}

/// What an account was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Given {
    /// A role or profile.
    Role(RoleId),
    /// Direct allows of this tier.
    DirectTier(TierId),
}

/// Accounts.
impl<D: AsRef<[u8]>> Table<D> {
    #[inline]
    pub(crate) fn block(&self, account: AccountId) -> Block<'_> {
        Block::new(self.raw(), account.0)
    }

    /// The account with this login.
    #[must_use]
    #[inline]
    pub fn account(&self, login: Login<'_>) -> Option<AccountId> {
        login::find(self.raw(), login)
    }

    /// What the table knows of an account.
    #[must_use]
    #[inline]
    pub fn account_of(&self, account: AccountId) -> Option<Account<'_>> {
        let block = self.block(account);
        if block.index == crate::layout::NONE { None } else { Some(Account { block }) }
    }

    /// How many accounts it names.
    #[must_use]
    pub fn account_count(&self) -> u32 {
        self.raw().count(section::ACCOUNTS)
    }

    /// All accounts, in the order of their logins.
    pub fn accounts(&self) -> impl Iterator<Item = AccountId> + use<D> {
        (0..self.account_count()).map(AccountId)
    }

    /// Whether an account is among the actors of a prohibition on a day, apart from what depends on the target.
    #[must_use]
    pub fn forbid_may_apply(&self, forbid: ForbidId, account: AccountId, day: i32) -> bool {
        let raw = self.raw();
        let block = self.block(account);
        if forbid.0 >= raw.count(section::FORBIDS) || block.index == crate::layout::NONE {
            return false;
        }
        let [_, _, actors, _, _]: [u32; 5] = raw.record(section::FORBIDS, forbid.0);
        let asking = Asking::new(raw, Asker::Account(block), ActionId(0), Signature::Site, day);
        asking.untargeted().holds(Ref::of(actors), &asking.actor) != Ok(false)
    }
}

impl<'t> Account<'t> {
    /// The login, folded.
    #[must_use]
    pub fn login(self) -> &'t str {
        self.block.login()
    }

    /// The name under which it publishes.
    #[must_use]
    pub fn signature(self) -> &'t str {
        lookup::signature_text(self.block)
    }

    /// The highest tier of what it was given.
    #[must_use]
    pub fn tier(self) -> Option<TierId> {
        self.block.tier()
    }

    /// The role that decides its interface.
    #[must_use]
    pub fn primary_role(self) -> Option<RoleId> {
        self.block.primary()
    }

    /// Whether it is active.
    #[must_use]
    pub const fn is_active(self) -> bool {
        self.block.is_active()
    }

    /// The days on which it is valid.
    #[must_use]
    #[inline]
    pub fn valid(self) -> Days {
        self.block.valid().unwrap_or(Days::ALWAYS)
    }

    /// How many ways to rights it has.
    #[must_use]
    pub const fn assignment_count(self) -> u32 {
        self.block.assignments
    }

    /// What it was given and when; perhaps the same thing more than once.
    pub fn given(self) -> impl Iterator<Item = (Given, Days)> + 't {
        let roles = self.block.given().map(|(role, days)| (Given::Role(role), days));
        roles.chain(self.block.direct_tiers().map(|(tier, days)| (Given::DirectTier(tier), days)))
    }

    /// Its unit.
    #[must_use]
    pub fn unit(self) -> Option<UnitId> {
        crate::side::unit_of(self.block)
    }

    /// Its labels.
    pub fn labels(self) -> impl Iterator<Item = LabelId> + 't {
        crate::side::labels_of(self.block)
    }

    /// An attribute of it.
    #[must_use]
    pub fn attribute(self, attribute: AttributeId) -> Fact<Value<'t>> {
        if attribute == AttributeId::LOGIN {
            return Fact::Known(Value::Text(self.login()));
        }
        crate::side::attribute_of(self.block, attribute).map_or(Fact::Absent, Fact::Known)
    }
}
