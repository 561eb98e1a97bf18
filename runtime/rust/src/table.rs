//! The table itself: bytes that were verified, and the questions they answer.

use crate::block::Block;
use crate::error::LoadError;
use crate::explain::{self, Explained};
use crate::filter::Filter;
use crate::id::{
    AccountId, ActionId, AttributeId, AutomaticId, ForbidId, GrantId, LabelId, RelationId, RoleId, TierId, UnitId,
};
use crate::inspect::{Prohibitions, Rights};
use crate::layout::section;
use crate::load::{self, Loaded};
use crate::login::{self, Login};
use crate::lookup::{self, Action, AttributeType, Relation, Role, Signature};
use crate::question::{Asker, Question};
use crate::raw::{Days, Raw};
use crate::reason::{Decision, GrantRef, Missing, Part, Reason, Way};
use crate::side::Side;
use crate::target::{Actor, Fact, Target, Value};

/// A permission table: verified once, then read in place.
///
/// `D` is whatever holds the bytes: a slice, a vector, a mapped file. It must give the same bytes every time.
#[derive(Debug, Clone)]
pub struct Table<D> {
    data: D,
    loaded: Loaded,
}

/// An account that the table names.
#[derive(Debug, Clone, Copy)]
pub struct Account<'t> {
    block: Block<'t>,
}

/// What an account was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Given {
    /// A role or profile.
    Role(RoleId),
    /// Direct allows of this tier.
    DirectTier(TierId),
}

impl<D: AsRef<[u8]>> Table<D> {
    /// The table that these bytes are. The checksum and the whole structure are verified.
    ///
    /// # Errors
    /// Says why the bytes are no table, or not a whole one. Whatever the bytes are, this neither panics nor reads outside them.
    pub fn from_bytes(data: D) -> Result<Self, LoadError> {
        let loaded = load::load(data.as_ref())?;
        Ok(Self { data, loaded })
    }

    #[inline]
    fn raw(&self) -> Raw<'_> {
        Raw { bytes: self.data.as_ref(), sections: &self.loaded.sections }
    }

    /// What holds the bytes.
    #[must_use]
    pub fn into_inner(self) -> D {
        self.data
    }

    /// The number that the compiler was given; a runtime may refuse one that is smaller than its present one.
    #[must_use]
    pub const fn revision(&self) -> u64 {
        self.loaded.revision
    }

    /// The digest of everything but the header: equal policies have equal ones.
    #[must_use]
    pub const fn digest(&self) -> [u8; 16] {
        self.loaded.digest
    }

    /// The platform's name.
    #[must_use]
    pub fn platform(&self) -> Option<&str> {
        let [name, ..]: [u32; 4] = self.raw().record(section::META, 0);
        self.raw().text(name)
    }
}

/// Questions.
impl<D: AsRef<[u8]>> Table<D> {
    /// Whether an account that the table names may do something on a day (since 1970-01-01, UTC).
    #[must_use]
    #[inline]
    pub fn decide(&self, account: AccountId, action: ActionId, target: &Target<'_>, day: i32) -> Decision {
        self.ask(Asker::Account(self.block(account)), action, target, day, false)
    }

    /// Whether somebody may do something whom the table does not name, by the roles that a token presents for them.
    #[must_use]
    pub fn decide_as(&self, actor: &Actor<'_>, action: ActionId, target: &Target<'_>, day: i32) -> Decision {
        self.ask(Asker::Claims(actor), action, target, day, false)
    }

    /// Whether an account may move something: both the state before and the state after must be allowed. In the state after, the
    /// caller's facts stand for those of an account that the table names.
    #[must_use]
    pub fn decide_change(
        &self,
        account: AccountId,
        action: ActionId,
        (before, after): (&Target<'_>, &Target<'_>),
        day: i32,
    ) -> Decision {
        let asker = Asker::Account(self.block(account));
        let first = self.ask(asker, action, before, day, false);
        if first.allowed { self.ask(asker, action, after, day, true) } else { first }
    }

    /// As [`Table::decide_change`], for somebody whom the table does not name.
    #[must_use]
    pub fn decide_change_as(
        &self,
        actor: &Actor<'_>,
        action: ActionId,
        (before, after): (&Target<'_>, &Target<'_>),
        day: i32,
    ) -> Decision {
        let first = self.ask(Asker::Claims(actor), action, before, day, false);
        if first.allowed { self.ask(Asker::Claims(actor), action, after, day, true) } else { first }
    }

    #[inline]
    fn ask<'t>(
        &'t self,
        asker: Asker<'t>,
        action: ActionId,
        target: &'t Target<'t>,
        day: i32,
        replaced: bool,
    ) -> Decision {
        let question = Question::of(self.raw(), asker, action, day).and_then(|q| q.on(target, replaced));
        match question {
            Ok(question) => question.decide(),
            Err(reason) => Decision::deny(reason),
        }
    }

    /// Everything that an account may do an action to.
    #[must_use]
    pub fn filter(&self, account: AccountId, action: ActionId, day: i32) -> Filter<'_> {
        let asker = Asker::Account(self.block(account));
        Filter::new(self.raw(), Question::of(self.raw(), asker, action, day))
    }

    /// Everything that somebody may do an action to whom the table does not name.
    #[must_use]
    pub fn filter_as<'t>(&'t self, actor: &'t Actor<'t>, action: ActionId, day: i32) -> Filter<'t> {
        Filter::new(self.raw(), Question::of(self.raw(), Asker::Claims(actor), action, day))
    }

    /// A decision in words.
    #[must_use]
    pub fn explain(&self, decision: Decision) -> Explained<'_> {
        Explained { raw: self.raw(), decision }
    }

    /// The rights of an account, one rectangle at a time; nothing for an inactive one.
    #[must_use]
    pub fn rights(&self, account: AccountId) -> Rights<'_> {
        Rights::of_account(self.block(account))
    }

    /// What a role gives by itself.
    #[must_use]
    pub fn role_rights(&self, role: RoleId) -> Rights<'_> {
        Rights::of_role(self.raw(), role)
    }

    /// All prohibitions, action by action.
    #[must_use]
    pub fn prohibitions(&self) -> Prohibitions<'_> {
        Prohibitions::new(self.raw())
    }

    /// The statement that gave an account this right's row, or that it came by.
    #[must_use]
    pub fn way_text(&self, account: Option<AccountId>, way: Way) -> Option<&str> {
        match way {
            Way::Assignment(index) => {
                let assignment = self.block(account?).assignment(index)?;
                Some(explain::terms_text(self.raw(), assignment.terms))
            }
            Way::Presented(role) => self.role_of(role).map(|r| r.name),
            Way::Automatic(rule) => explain::automatic_text(self.raw(), rule),
        }
    }

    /// The handle of a decision's grant.
    #[must_use]
    pub fn grant(&self, grant: GrantRef) -> GrantId {
        explain::grant_id(self.raw(), grant)
    }

    /// The statement that a grant comes from.
    #[must_use]
    pub fn grant_text(&self, grant: GrantId) -> Option<&str> {
        explain::grant_text(self.raw(), grant)
    }

    /// The statement of a prohibition.
    #[must_use]
    pub fn forbid_text(&self, forbid: ForbidId) -> Option<&str> {
        explain::forbid_text(self.raw(), forbid)
    }

    /// The statement of an automatic rule.
    #[must_use]
    pub fn automatic_text(&self, rule: AutomaticId) -> Option<&str> {
        explain::automatic_text(self.raw(), rule)
    }

    /// A missing fact in words: whose, and its name as policies write it.
    #[must_use]
    pub fn fact_name(&self, missing: Missing) -> (Part, &str) {
        (missing.part, lookup::fact_words(self.raw(), missing.fact).1)
    }
}

/// Accounts.
impl<D: AsRef<[u8]>> Table<D> {
    fn block(&self, account: AccountId) -> Block<'_> {
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
    pub fn account_of(&self, account: AccountId) -> Option<Account<'_>> {
        let block = self.block(account);
        if block.index == crate::layout::NONE { None } else { Some(Account { block }) }
    }

    /// How many accounts it names.
    #[must_use]
    pub fn account_count(&self) -> u32 {
        self.raw().count(section::ACCOUNTS).saturating_sub(1)
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
        let question = Question {
            raw,
            action: ActionId(0),
            signature: Signature::Site,
            day,
            asker: Asker::Account(block),
            actor: Side::account(block, day),
            entity: None,
            user: None,
        };
        question.holds(crate::node::Ref(actors), &question.actor) != Ok(false)
    }
}

/// Names and handles.
impl<D: AsRef<[u8]>> Table<D> {
    /// The action with this path.
    #[must_use]
    pub fn action(&self, path: &str) -> Option<ActionId> {
        lookup::sorted::<4>(self.raw(), section::ACTIONS, path).map(ActionId)
    }

    /// What the table says of an action.
    #[must_use]
    pub fn action_of(&self, action: ActionId) -> Option<Action<'_>> {
        lookup::action(self.raw(), action)
    }

    /// All actions, in the order of their paths.
    pub fn actions(&self) -> impl Iterator<Item = ActionId> + use<D> {
        (0..self.raw().count(section::ACTIONS)).map(ActionId)
    }

    /// The attribute with this name; `login`, `name`, `email` and `id` are built in.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<AttributeId> {
        let mut all = (0..self.raw().count(section::ATTRIBUTES)).map(AttributeId);
        all.find(|a| lookup::attribute_name(self.raw(), *a) == name)
    }

    /// Name and type of an attribute.
    #[must_use]
    pub fn attribute_of(&self, attribute: AttributeId) -> Option<(&str, AttributeType)> {
        let (ty, _, _) = lookup::attribute_type(self.raw(), attribute)?;
        Some((lookup::attribute_name(self.raw(), attribute), ty))
    }

    /// All attributes.
    pub fn attributes(&self) -> impl Iterator<Item = AttributeId> + use<D> {
        (0..self.raw().count(section::ATTRIBUTES)).map(AttributeId)
    }

    /// The value of an attribute that a text stands for; `Outside` where a closed attribute has no such value, none where a number
    /// is wanted and the text is none.
    #[must_use]
    pub fn value<'a>(&self, attribute: AttributeId, text: &'a str) -> Option<Value<'a>> {
        let (ty, _, _) = lookup::attribute_type(self.raw(), attribute)?;
        Some(match ty {
            AttributeType::Closed => lookup::choice(self.raw(), attribute, text).map_or(Value::Outside, Value::Choice),
            AttributeType::Text => Value::Text(text),
            AttributeType::Number => Value::Number(text.parse().ok()?),
        })
    }

    /// The text of a closed attribute's value.
    #[must_use]
    pub fn value_text(&self, attribute: AttributeId, value: u32) -> Option<&str> {
        lookup::value_text(self.raw(), attribute, value)
    }

    /// How many values a closed attribute has.
    #[must_use]
    pub fn value_count(&self, attribute: AttributeId) -> u32 {
        lookup::attribute_type(self.raw(), attribute).map_or(0, |(_, _, count)| count)
    }

    /// The label with this path, or with a path that alone ends so: `fi`, `nordics.fi`, `region.nordics.fi`.
    #[must_use]
    pub fn label(&self, path: &str) -> Option<LabelId> {
        lookup::in_forest(self.raw(), section::LABELS, path).map(LabelId)
    }

    /// The full path of a label.
    #[must_use]
    pub fn label_path(&self, label: LabelId) -> Option<&str> {
        lookup::path_of(self.raw(), section::LABELS, label.0)
    }

    /// All labels, in the order of a walk.
    pub fn labels(&self) -> impl Iterator<Item = LabelId> + use<D> {
        (0..self.raw().count(section::LABELS)).map(LabelId)
    }

    /// A label and those below it: the handles from the first number to before the second.
    #[must_use]
    pub fn label_range(&self, label: LabelId) -> core::ops::Range<u32> {
        label.0..lookup::end(self.raw(), section::LABELS, label.0)
    }

    /// The unit with this path, or with a path that alone ends so.
    #[must_use]
    pub fn unit(&self, path: &str) -> Option<UnitId> {
        lookup::in_forest(self.raw(), section::UNITS, path).map(UnitId)
    }

    /// The full path of a unit.
    #[must_use]
    pub fn unit_path(&self, unit: UnitId) -> Option<&str> {
        lookup::path_of(self.raw(), section::UNITS, unit.0)
    }

    /// All units, in the order of a walk.
    pub fn units(&self) -> impl Iterator<Item = UnitId> + use<D> {
        (0..self.raw().count(section::UNITS)).map(UnitId)
    }

    /// A unit and those below it: the handles from the first number to before the second.
    #[must_use]
    pub fn unit_range(&self, unit: UnitId) -> core::ops::Range<u32> {
        unit.0..lookup::end(self.raw(), section::UNITS, unit.0)
    }

    /// The relation with this name.
    #[must_use]
    pub fn relation(&self, name: &str) -> Option<RelationId> {
        lookup::sorted::<2>(self.raw(), section::RELATIONS, name).map(RelationId)
    }

    /// What the table says of a relation.
    #[must_use]
    pub fn relation_of(&self, relation: RelationId) -> Option<Relation<'_>> {
        lookup::relation_of(self.raw(), relation)
    }

    /// All relations, in the order of their names.
    pub fn relations(&self) -> impl Iterator<Item = RelationId> + use<D> {
        (0..self.raw().count(section::RELATIONS)).map(RelationId)
    }

    /// The role or profile with this name.
    #[must_use]
    pub fn role(&self, name: &str) -> Option<RoleId> {
        lookup::sorted::<8>(self.raw(), section::ROLES, name).map(RoleId)
    }

    /// What the table says of a role.
    #[must_use]
    pub fn role_of(&self, role: RoleId) -> Option<Role<'_>> {
        lookup::role(self.raw(), role)
    }

    /// All roles and profiles, in the order of their names.
    pub fn roles(&self) -> impl Iterator<Item = RoleId> + use<D> {
        (0..self.raw().count(section::ROLES)).map(RoleId)
    }

    /// The name of a tier.
    #[must_use]
    pub fn tier_name(&self, tier: TierId) -> Option<&str> {
        lookup::tier_name(self.raw(), tier)
    }

    /// All tiers, the lowest first.
    pub fn tiers(&self) -> impl Iterator<Item = TierId> + use<D> {
        (0..self.raw().count(section::TIERS)).map(TierId)
    }

    /// The features with which the table was compiled: name, and whether it was on.
    pub fn features(&self) -> impl Iterator<Item = (&str, bool)> {
        let raw = self.raw();
        (0..raw.count(section::FEATURES)).map(move |feature| {
            let [name, on] = raw.record(section::FEATURES, feature);
            (raw.string(name), on == 1)
        })
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
    pub const fn tier(self) -> Option<TierId> {
        self.block.tier()
    }

    /// The role that decides its interface.
    #[must_use]
    pub const fn primary_role(self) -> Option<RoleId> {
        self.block.primary()
    }

    /// Whether it is active.
    #[must_use]
    pub const fn is_active(self) -> bool {
        self.block.is_active()
    }

    /// The days on which it is valid.
    #[must_use]
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

impl From<Reason> for Decision {
    /// The denial for this reason; [`Reason::Granted`] alone allows.
    fn from(reason: Reason) -> Self {
        Self { allowed: matches!(reason, Reason::Granted(_)), reason }
    }
}
