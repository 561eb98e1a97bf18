//! From names to handles and back: a table's vocabulary.

use crate::describe::{self, Action, AttributeType, Relation, Role};
use crate::id::{ActionId, AttributeId, LabelId, RelationId, RoleId, TierId, UnitId};
use crate::layout::section;
use crate::lookup;
use crate::table::Table;
use crate::target::Value;

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
        describe::action(self.raw(), action)
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
        describe::relation_of(self.raw(), relation)
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
        describe::role(self.raw(), role)
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
