//! Which actions are privileged, and what roles give: what several checks ask.

use fixedbitset::FixedBitSet;

use super::Context;
use crate::lower::rights::Row;
use crate::model::Model;
use crate::model::id::ActionId;
use crate::syntax::ast::Kind;

/// The privileged actions: of kind `become`, `destroy` or `assign`, or covered by the last of at least two tiers alone.
#[must_use]
pub fn privileged(model: &Model) -> FixedBitSet {
    let mut all = FixedBitSet::with_capacity(model.actions.len());
    if let Some((_, lower)) = model.tiers.split_last().filter(|(_, lower)| !lower.is_empty()) {
        all.insert_range(..);
        lower.iter().for_each(|tier| all.difference_with(&tier.covers));
    }
    for (index, action) in model.actions.iter().enumerate() {
        if matches!(action.kind, Kind::Become | Kind::Destroy | Kind::Assign) {
            all.insert(index);
        }
    }
    all
}

/// The actions of a row.
#[must_use]
pub fn actions_of(model: &Model, row: &Row) -> FixedBitSet {
    let mut all = FixedBitSet::with_capacity(model.actions.len());
    all.extend(row.grants.iter().map(|g| g.action.index()));
    all
}

/// The actions that each role gives with every feature on, by its id.
#[must_use]
pub fn actions_of_roles(context: &Context<'_>) -> Vec<FixedBitSet> {
    let rows = context.most.rows.iter().take(context.model.roles.len());
    rows.map(|row| actions_of(context.model, row)).collect()
}

/// The actions of a set, in order.
pub fn listed(actions: &FixedBitSet) -> impl Iterator<Item = ActionId> + '_ {
    actions.ones().map(ActionId::new)
}

/// The paths of the actions of a set, in order.
pub fn paths<'m>(model: &'m Model, actions: &'m FixedBitSet) -> impl Iterator<Item = &'m str> {
    actions.ones().map(|a| model.actions[a].path.as_str())
}
