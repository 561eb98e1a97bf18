//! Model to rights: sentences of the language desugar into rows of grants, fences, prohibitions (the core of the semantics).
//!
//! Lowering expects a model without cycles (the check for them runs before).

mod accounts;
mod asserted;
pub(crate) mod facts;
mod nested;
mod origins;
mod predicates;
pub mod rights;
mod roles;
mod rules;

pub(crate) use accounts::tier_of_allow;
use hashbrown::HashTable;
use rustc_hash::FxHashMap;

use crate::model::Model;
use crate::model::id::{FeatureId, RoleId, TierId};
use crate::region::{NodeId, Nodes};
use origins::Origins;
use predicates::Predicates;
use rights::{Fence, FenceId, Rights, Row, RowId};

/// Which features are on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Switches(Vec<bool>);

impl Switches {
    /// As the policy writes them.
    #[must_use]
    pub fn as_written(model: &Model) -> Self {
        Self(model.features.iter().map(|f| f.on).collect())
    }

    /// All on: the most that the policy can give.
    #[must_use]
    pub fn all_on(model: &Model) -> Self {
        Self(vec![true; model.features.len()])
    }

    /// The same, but for these.
    #[must_use]
    pub fn with(mut self, changes: &[(FeatureId, bool)]) -> Self {
        for (feature, on) in changes {
            self.0[feature.index()] = *on;
        }
        self
    }

    /// Whether a feature is on.
    #[must_use]
    pub fn is_on(&self, feature: FeatureId) -> bool {
        self.0[feature.index()]
    }
}

/// What the parts of lowering share.
struct Lowering<'m> {
    model: &'m Model,
    switches: &'m Switches,
    nodes: Nodes,
    predicates: Predicates,
    origins: Origins,
    /// The predicate of each unit, once it is known.
    units: Vec<Option<NodeId>>,
    fences: Vec<Fence>,
    /// The ids of restricted fences on entities alone, by their predicate; [`FenceId::NONE`] where there is no such fence.
    entity_fences: Vec<FenceId>,
    /// The other fences' ids, by the hash of the fence.
    fence_ids: HashTable<FenceId>,
    rows: Vec<Row>,
    direct_rows: FxHashMap<Vec<rights::Grant>, RowId>,
    excepts: Vec<rights::ExceptRows>,
}

/// Compiles a model's rights for these features.
#[must_use]
pub fn lower(model: &Model, switches: &Switches) -> Rights {
    lower_with(model, switches, |rows| role_tiers(model, switches, rows))
}

/// The same where the rights with every feature on are known: by these the tiers of the roles are known, too.
#[must_use]
pub fn lower_beside(model: &Model, switches: &Switches, most: &Rights) -> Rights {
    lower_with(model, switches, |_| most.role_tiers.clone())
}

fn lower_with(model: &Model, switches: &Switches, tiers: impl Fn(&[Row]) -> Vec<Option<TierId>>) -> Rights {
    let mut lowering = begin(model, switches);
    lowering.role_rows();
    lowering.predicates.role_tiers = tiers(&lowering.rows);
    let automatic = lowering.automatic_rows();
    let accounts = lowering.account_rights(&automatic);
    let forbids = lowering.forbid_rows();
    let asserted = lowering.asserted_rows();
    let (groups, nested) = (lowering.group_nodes(), lowering.nested());
    let Lowering { nodes, predicates, origins, fences, rows, mut excepts, .. } = lowering;
    excepts.sort_by_key(|e| e.role);
    let role_tiers = predicates.role_tiers;
    let Origins { list: origins, statements, .. } = origins;
    Rights {
        nodes,
        origins,
        statements,
        fences,
        rows,
        role_tiers,
        accounts,
        forbids,
        automatic,
        asserted,
        excepts,
        groups,
        nested,
    }
}

fn begin<'m>(model: &'m Model, switches: &'m Switches) -> Lowering<'m> {
    let mut lowering = Lowering {
        model,
        switches,
        nodes: Nodes::default(),
        predicates: Predicates::new(model),
        origins: Origins::default(),
        units: vec![None; model.units.nodes.len()],
        fences: vec![],
        entity_fences: vec![],
        fence_ids: HashTable::new(),
        rows: vec![],
        direct_rows: FxHashMap::default(),
        excepts: vec![],
    };
    // It has the number FenceId::NONE.
    lowering.intern_fence(Fence::OPEN);
    lowering
}

/// The tier of each role, by what it gives with every feature on.
fn role_tiers(model: &Model, switches: &Switches, rows: &[Row]) -> Vec<Option<TierId>> {
    let all_on = Switches::all_on(model);
    if model.tiers.is_empty() || *switches == all_on {
        return rights::role_tiers(model, rows);
    }
    rights::role_tiers(model, &role_rows(model, &all_on))
}

/// What each role gives with these features, by its id; without people.
#[must_use]
pub fn role_rows(model: &Model, switches: &Switches) -> Vec<Row> {
    let mut lowering = begin(model, switches);
    lowering.role_rows();
    lowering.rows
}

/// What some roles give with these features, each in its place; others have empty rows, unless one of these extends them.
#[must_use]
pub fn rows_of(model: &Model, switches: &Switches, roles: &[RoleId]) -> Vec<Row> {
    let mut lowering = begin(model, switches);
    lowering.rows_of(roles.iter().map(|role| role.index()));
    lowering.rows
}
