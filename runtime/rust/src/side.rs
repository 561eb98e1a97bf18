//! A party of a question as the evaluator sees it: the table's facts where the table names it, the caller's elsewhere.

use crate::block::Block;
use crate::eval::both;
use crate::id::{AttributeId, LabelId, RelationId, RoleId, TierId, UnitId};
use crate::layout::{fact, section};
use crate::login::{self, Login};
use crate::lookup;
use crate::raw::Raw;
use crate::reason::{FactName, Kleene, Missing, Part};
use crate::target::{Actor, Fact, Marks, Party, Truth, Value};

/// A party with all that is known of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Side<'t> {
    pub(crate) raw: Raw<'t>,
    pub(crate) part: Part,
    pub(crate) day: i32,
    /// Its block, when the table names it.
    pub(crate) named: Option<Block<'t>>,
    /// What the caller says of it.
    pub(crate) party: &'t Party<'t>,
    /// The roles that an actor presents whom the table does not name.
    presented: &'t [RoleId],
    login: Fact<Login<'t>>,
    /// The caller's facts replace the table's: the party as it would be.
    replaced: bool,
}

static NOBODY: Party<'static> = Party::closed();

impl<'t> Side<'t> {
    /// An actor whom the table names.
    #[inline]
    pub(crate) fn account(block: Block<'t>, day: i32) -> Self {
        Self {
            raw: block.raw,
            part: Part::Actor,
            day,
            named: Some(block),
            party: &NOBODY,
            presented: &[],
            login: Fact::Unset,
            replaced: false,
        }
    }

    /// An actor whom the table does not name.
    pub(crate) fn claims(raw: Raw<'t>, actor: &'t Actor<'t>, day: i32) -> Self {
        Self {
            raw,
            part: Part::Actor,
            day,
            named: None,
            party: &actor.facts,
            presented: actor.roles,
            login: Fact::Known(actor.login),
            replaced: false,
        }
    }

    /// A target; `is_account` where it may be an account of the table.
    #[inline]
    pub(crate) fn target(raw: Raw<'t>, part: Part, party: &'t Party<'t>, day: i32, replaced: bool) -> Self {
        let named = match (part, party.login) {
            (Part::User | Part::Account, Fact::Known(login)) => login::find(raw, login).map(|a| Block::new(raw, a.0)),
            _ => None,
        };
        Self { raw, part, day, named, party, presented: &[], login: party.login, replaced }
    }

    pub(crate) const fn missing(&self, fact: FactName) -> Missing {
        Missing { part: self.part, fact }
    }

    /// Of a fact that was not said.
    #[inline]
    fn default<T>(&self, fact: Fact<T>) -> Fact<T> {
        match fact {
            Fact::Unset if self.party.closed => Fact::Absent,
            Fact::Unset => Fact::Unknown,
            said => said,
        }
    }

    /// The table's fact, unless the caller's replaces it.
    #[inline]
    fn choose<T>(&self, said: Fact<T>, table: impl FnOnce(Block<'t>) -> Option<T>) -> Fact<T> {
        match self.named {
            Some(block) if !self.replaced || matches!(said, Fact::Unset) => {
                table(block).map_or(Fact::Absent, Fact::Known)
            }
            _ => self.default(said),
        }
    }

    pub(crate) fn login(&self) -> Fact<Login<'t>> {
        match self.named {
            Some(block) => Fact::Known(Login::of_table(block.login())),
            None => self.default(self.login),
        }
    }

    #[inline]
    pub(crate) fn unit(&self) -> Fact<UnitId> {
        match self.choose(self.party.unit, unit_of) {
            Fact::Known(unit) if unit.0 >= self.raw.count(section::UNITS) => Fact::Unknown,
            unit => unit,
        }
    }

    /// The value of an attribute other than the login.
    pub(crate) fn attribute(&self, attribute: AttributeId) -> Fact<Value<'t>> {
        let fact = self.choose(said_of(self.party, attribute), |block| attribute_of(block, attribute));
        match fact {
            Fact::Known(value) => lookup::settle(self.raw, attribute, value),
            other => other,
        }
    }

    /// Whether it bears the label or one below it.
    pub(crate) fn label(&self, label: LabelId) -> Kleene {
        let end = lookup::end(self.raw, section::LABELS, label.0);
        let below = |l: LabelId| (label.0..end).contains(&l.0);
        let unset = matches!(self.party.labels, Marks::Unset);
        match (self.named, self.party.labels) {
            (Some(block), _) if !self.replaced || unset => Ok(labels_of(block).any(below)),
            (_, Marks::Only(labels)) => Ok(labels.iter().any(|l| below(*l))),
            (_, Marks::Stated(list)) => self.stated_label(label, list),
            (_, Marks::Unset) => self.unsaid(FactName::Label(label)),
        }
    }

    /// True by one label below, false by one above; both at once cannot be.
    fn stated_label(&self, label: LabelId, list: &[(LabelId, Truth)]) -> Kleene {
        let within = |l: u32, root: u32| root <= l && l < lookup::end(self.raw, section::LABELS, root);
        let borne = list.iter().any(|(l, t)| *t == Truth::True && within(l.0, label.0));
        let denied = list.iter().any(|(l, t)| *t == Truth::False && within(label.0, l.0));
        let unsure = list.iter().any(|(l, t)| *t == Truth::Unknown && within(l.0, label.0));
        match (borne, denied) {
            (true, false) => Ok(true),
            (false, true) => Ok(false),
            (false, false) if !unsure => self.unsaid(FactName::Label(label)),
            _ => Err(self.missing(FactName::Label(label))),
        }
    }

    /// Whether the relation leads to it.
    pub(crate) fn relation(&self, relation: RelationId) -> Kleene {
        let name = FactName::Relation(relation);
        self.mark(self.party.relations, relation, name)
    }

    /// Whether it has a mark that the caller alone knows of.
    fn mark<T: Copy + PartialEq>(&self, marks: Marks<'t, T>, wanted: T, name: FactName) -> Kleene {
        match marks {
            Marks::Unset => self.unsaid(name),
            Marks::Only(list) => Ok(list.contains(&wanted)),
            Marks::Stated(list) => match list.iter().find(|(mark, _)| *mark == wanted) {
                Some((_, Truth::True)) => Ok(true),
                Some((_, Truth::False)) => Ok(false),
                Some((_, Truth::Unknown)) => Err(self.missing(name)),
                None => self.unsaid(name),
            },
        }
    }

    const fn unsaid(&self, name: FactName) -> Kleene {
        if self.party.closed { Ok(false) } else { Err(self.missing(name)) }
    }

    /// Whether the role was given to it, or is presented by it.
    pub(crate) fn given(&self, role: RoleId) -> Kleene {
        if let Some(block) = self.named {
            return Ok(block.given().any(|(given, days)| given == role && self.counts(block, days)));
        }
        if matches!(self.part, Part::Actor) {
            return Ok(lookup::presented(self.raw, self.presented, role));
        }
        match self.login() {
            // It may be an account of the table, whatever a token presents.
            Fact::Unknown | Fact::Unset => Err(self.missing(FactName::Login)),
            Fact::Absent | Fact::Known(_) => self.told(role),
        }
    }

    /// Whether a token presents the role, as the caller tells, together with what it needs.
    fn told(&self, role: RoleId) -> Kleene {
        if !lookup::is_by_claim(self.raw, role) {
            return Ok(false);
        }
        let told = |role| self.mark(self.party.roles, role, FactName::Role(role));
        lookup::needs(self.raw, role).fold(told(role), |met, need| both(met, || self.told_need(need)))
    }

    /// Whether a token presents a role that meets a need.
    fn told_need(&self, need: RoleId) -> Kleene {
        let mut unknown = None;
        for role in lookup::claimable(self.raw).filter(|role| lookup::meets(self.raw, *role, need)) {
            match self.mark(self.party.roles, role, FactName::Role(role)) {
                Ok(true) => return Ok(true),
                Ok(false) => {}
                Err(missing) => unknown = unknown.or(Some(missing)),
            }
        }
        unknown.map_or(Ok(false), Err)
    }

    /// Whether it has a direct allow of this tier.
    pub(crate) fn direct_tier(&self, tier: TierId) -> Kleene {
        match (self.named, self.login()) {
            (Some(block), _) => Ok(block.direct_tiers().any(|(t, days)| t == tier && self.counts(block, days))),
            (None, Fact::Unknown | Fact::Unset) => Err(self.missing(FactName::Login)),
            (None, _) => Ok(false),
        }
    }

    /// An actor has what was given it while it is active and the days last; a target until they end.
    fn counts(&self, block: Block<'_>, days: crate::raw::Days) -> bool {
        match self.part {
            Part::Actor => block.is_active() && days.contains(self.day),
            _ => self.day <= days.until,
        }
    }

    /// A fact of the caller's that contradicts the table's.
    pub(crate) fn contradiction(&self) -> Option<FactName> {
        let block = self.named.filter(|_| !self.replaced)?;
        let party = self.party;
        if differs(&party.unit, &unit_of(block)) {
            return Some(FactName::Unit);
        }
        let id = AttributeId::ID;
        if party.id != Fact::Unset && self.attribute_differs(block, id) {
            return Some(FactName::Attribute(id));
        }
        let attributes = party.attributes.iter().map(|(attribute, _)| *attribute);
        if let Some(attribute) = attributes.filter(|a| *a != id).find(|a| self.attribute_differs(block, *a)) {
            return Some(FactName::Attribute(attribute));
        }
        self.label_differs(block).or_else(|| self.role_differs(block))
    }

    fn attribute_differs(&self, block: Block<'t>, attribute: AttributeId) -> bool {
        let table = attribute_of(block, attribute);
        match said_of(self.party, attribute) {
            Fact::Known(Value::Outside) => true,
            Fact::Known(value) => match lookup::settle(self.raw, attribute, value) {
                Fact::Known(value) => Some(value) != table,
                _ => true,
            },
            said => differs(&said, &table),
        }
    }

    fn label_differs(&self, block: Block<'t>) -> Option<FactName> {
        match self.party.labels {
            Marks::Unset => None,
            Marks::Only(list) => {
                let extra = list.iter().copied().find(|l| !labels_of(block).any(|t| t == *l));
                extra.or_else(|| labels_of(block).find(|t| !list.contains(t))).map(FactName::Label)
            }
            Marks::Stated(list) => {
                let wrong = list.iter().find(|(label, truth)| {
                    let end = lookup::end(self.raw, section::LABELS, label.0);
                    let borne = labels_of(block).any(|t| (label.0..end).contains(&t.0));
                    *truth != Truth::Unknown && *truth != Truth::from(borne)
                });
                wrong.map(|(label, _)| FactName::Label(*label))
            }
        }
    }

    fn role_differs(&self, block: Block<'t>) -> Option<FactName> {
        let holds = |role: RoleId| block.given().any(|(given, days)| given == role && self.counts(block, days));
        match self.party.roles {
            Marks::Unset => None,
            Marks::Only(list) => {
                let extra = list.iter().copied().find(|r| !holds(*r));
                let lacking = || {
                    let held = block.given().filter(|(_, days)| self.counts(block, *days)).map(|(role, _)| role);
                    held.into_iter().find(|r| !list.contains(r))
                };
                extra.or_else(lacking).map(FactName::Role)
            }
            Marks::Stated(list) => {
                let wrong =
                    |(role, truth): &&(RoleId, Truth)| *truth != Truth::Unknown && *truth != Truth::from(holds(*role));
                list.iter().find(wrong).map(|(role, _)| FactName::Role(*role))
            }
        }
    }
}

/// Whether a fact that was said is not the table's.
fn differs<T: PartialEq>(said: &Fact<T>, table: &Option<T>) -> bool {
    match said {
        Fact::Unset | Fact::Unknown => false,
        Fact::Absent => table.is_some(),
        Fact::Known(value) => table.as_ref() != Some(value),
    }
}

/// What a caller says of an attribute.
fn said_of<'t>(party: &Party<'t>, attribute: AttributeId) -> Fact<Value<'t>> {
    if attribute == AttributeId::ID {
        return match party.id {
            Fact::Unset => Fact::Unset,
            Fact::Absent => Fact::Absent,
            Fact::Unknown => Fact::Unknown,
            Fact::Known(id) => Fact::Known(Value::Text(id)),
        };
    }
    if attribute == AttributeId::LOGIN {
        return Fact::Unset;
    }
    party.attributes.iter().find(|(a, _)| *a == attribute).map_or(Fact::Unset, |(_, fact)| *fact)
}

pub(crate) fn unit_of(block: Block<'_>) -> Option<UnitId> {
    block.fact_value(fact::UNIT, 0).map(UnitId)
}

pub(crate) fn labels_of<'t>(block: Block<'t>) -> impl Iterator<Item = LabelId> + 't {
    let labels = block.facts().filter(|[key, _]| key >> fact::SHIFT == fact::LABEL);
    labels.map(|[key, _]| LabelId(key & fact::ID))
}

pub(crate) fn attribute_of(block: Block<'_>, attribute: AttributeId) -> Option<Value<'_>> {
    block.facts().find_map(|[key, value]| {
        if key & fact::ID != attribute.0 {
            return None;
        }
        match key >> fact::SHIFT {
            fact::CHOICE => Some(Value::Choice(value)),
            fact::TEXT => Some(Value::Text(block.raw.string(value))),
            fact::NUMBER => Some(Value::Number(block.raw.number(value))),
            _ => None,
        }
    })
}
