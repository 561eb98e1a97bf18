//! The words of two tables as one vocabulary: what both call alike is one thing.
//!
//! Labels and units are known to a platform by their names, so one that moved within its forest is still itself, and what moved is a
//! matter of who is found below whom on which side.

use bailiwick_table::{AttributeType, Kind, RoleId, Signature, Table};
use rustc_hash::{FxHashMap, FxHashSet};

/// The table of a side.
pub type Bytes<'t> = Table<&'t [u8]>;

/// Before the change, or after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum When {
    /// The old policy.
    Before,
    /// The new one.
    After,
}

impl When {
    /// Both, the old one first.
    pub const BOTH: [Self; 2] = [Self::Before, Self::After];

    /// 0 or 1.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Before => Self::After,
            Self::After => Self::Before,
        }
    }
}

/// Names of one sort, those of both sides that are the same thing as one.
#[derive(Debug, Default)]
pub struct Names {
    /// As messages show them: the new side's word, where it has one.
    pub list: Vec<String>,
    /// By side and the side's own number.
    joint: [Vec<u32>; 2],
    /// By side and joint number.
    own: [Vec<Option<u32>>; 2],
}

impl Names {
    /// `keys` tell of each side's names what they are called; equal keys are one thing.
    fn of(keys: [Vec<String>; 2]) -> Self {
        let mut names = Self::default();
        let mut ids: FxHashMap<String, u32> = FxHashMap::default();
        for (side, keys) in keys.into_iter().enumerate() {
            for key in keys {
                let next = number(names.list.len());
                let id = *ids.entry(key.clone()).or_insert(next);
                if id == next {
                    names.list.push(key);
                }
                names.joint[side].push(id);
            }
        }
        for side in 0..2 {
            names.own[side] = vec![None; names.list.len()];
            for (own, joint) in (0..).zip(&names.joint[side]) {
                names.own[side][*joint as usize] = Some(own);
            }
        }
        names
    }

    /// The joint number of a side's own one.
    #[must_use]
    pub fn joint(&self, when: When, own: u32) -> u32 {
        self.joint[when.index()].get(own as usize).copied().unwrap_or(u32::MAX)
    }

    /// A side's own number of a joint one.
    #[must_use]
    pub fn own(&self, when: When, joint: u32) -> Option<u32> {
        self.own[when.index()].get(joint as usize).copied().flatten()
    }

    /// The name.
    #[must_use]
    pub fn name(&self, joint: u32) -> &str {
        self.list.get(joint as usize).map_or("?", String::as_str)
    }

    /// Whether both sides have the same names under the same numbers.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.joint[0] == self.joint[1]
    }

    /// How many there are: the numbers below this one.
    #[must_use]
    pub fn count(&self) -> u32 {
        number(self.list.len())
    }
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// An attribute; text and numbers of one name are two.
#[derive(Debug)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Whether its values are numbers.
    pub number: bool,
    /// On each side that knows it: its values where it is closed.
    pub closed: [Option<Vec<String>>; 2],
    /// On which sides it is an open text.
    pub open: [bool; 2],
}

impl Attribute {
    /// Whether a value that the other side knows can be outside of what this side knows.
    #[must_use]
    pub fn is_guarded(&self, when: When) -> bool {
        let (here, there) = (when.index(), when.other().index());
        let Some(known) = &self.closed[here] else { return false };
        let outside = |values: &Vec<String>| values.iter().any(|v| !known.contains(v));
        self.open[there] || self.closed[there].as_ref().is_some_and(outside)
    }
}

/// An action of either side; with another signature it is another action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// Its path.
    pub path: String,
    /// What doing it amounts to.
    pub kind: Kind,
    /// What it is done to.
    pub signature: Signature,
}

/// The vocabulary of two tables.
#[derive(Debug)]
pub struct Joint<'t> {
    /// The tables.
    pub tables: [&'t Bytes<'t>; 2],
    /// Units, by their names.
    pub units: Names,
    /// Labels, by their names.
    pub labels: Names,
    /// Relations.
    pub relations: Names,
    /// Roles and profiles.
    pub roles: Names,
    /// Tiers.
    pub tiers: Names,
    /// Attributes: joint numbers by side and own number, and what is known of them.
    pub attribute_names: Names,
    /// By joint number.
    pub attributes: Vec<Attribute>,
    /// Actions: joint numbers by side and own number, and what is known of them.
    pub action_names: Names,
    /// By joint number.
    pub actions: Vec<Action>,
    /// Whether tokens are read alike on both sides.
    pub same_claims: bool,
    /// Whether both have the same units, one above the other in the same way.
    pub same_units: bool,
}

impl<'t> Joint<'t> {
    /// The words of both. `renamed` tells the roles that have another name on the new side: (old, new).
    #[must_use]
    pub fn of(tables: [&'t Bytes<'t>; 2], renamed: &[(String, String)]) -> Self {
        let each = |keys: &dyn Fn(&'t Bytes<'t>) -> Vec<String>| Names::of(tables.map(keys));
        let role = |table: &Bytes<'t>, id: RoleId| table.role_of(id).map_or("", |r| r.name).to_owned();
        let new_name = |name: String| renamed.iter().find(|(old, _)| *old == name).map_or(name, |(_, new)| new.clone());
        let role_names = [
            tables[0].roles().map(|r| new_name(role(tables[0], r))).collect(),
            tables[1].roles().map(|r| role(tables[1], r)).collect(),
        ];
        let attribute_names = each(&attribute_keys);
        let action_names = {
            let old = |path: String| match path.strip_prefix("assign.") {
                Some(name) => format!("assign.{}", new_name(name.to_owned())),
                None => path,
            };
            let keys = |table: &'t Bytes<'t>, map: &dyn Fn(String) -> String| {
                let shown = table.actions().filter_map(|a| table.action_of(a));
                shown.map(|a| format!("{} {}", a.signature.number(), map(a.path.to_owned()))).collect::<Vec<_>>()
            };
            Names::of([keys(tables[0], &old), keys(tables[1], &|path| path)])
        };
        let mut joint = Self {
            tables,
            units: each(&|t| unique_names(&t.units().filter_map(|u| t.unit_path(u)).collect::<Vec<_>>())),
            labels: each(&|t| unique_names(&t.labels().filter_map(|l| t.label_path(l)).collect::<Vec<_>>())),
            relations: each(&|t| t.relations().filter_map(|r| Some(t.relation_of(r)?.name.to_owned())).collect()),
            roles: Names::of(role_names),
            tiers: each(&|t| t.tiers().filter_map(|x| Some(t.tier_name(x)?.to_owned())).collect()),
            attributes: vec![],
            attribute_names,
            actions: vec![],
            action_names,
            same_claims: false,
            same_units: false,
        };
        joint.attributes = (0..joint.attribute_names.count()).map(|a| joint.attribute(a)).collect();
        joint.actions = (0..joint.action_names.count()).filter_map(|a| joint.action(a)).collect();
        joint.same_claims = joint.claims(When::Before) == joint.claims(When::After);
        joint.same_units = joint.ranges(When::Before) == joint.ranges(When::After);
        joint
    }

    /// Whether both sides number attributes and their values alike, and a test of one says the same there.
    #[must_use]
    pub fn has_same_attributes(&self) -> bool {
        let same = |a: &Attribute| a.closed[0] == a.closed[1] && a.open[0] == a.open[1];
        self.attribute_names.is_same() && self.attributes.iter().all(same)
    }

    /// The table of a side.
    #[must_use]
    pub const fn table(&self, when: When) -> &'t Bytes<'t> {
        self.tables[when.index()]
    }

    fn attribute(&self, joint: u32) -> Attribute {
        let mut known = Attribute { name: String::new(), number: false, closed: [None, None], open: [false; 2] };
        for when in When::BOTH {
            let table = self.table(when);
            let own = self.attribute_names.own(when, joint).map(bailiwick_table::AttributeId);
            let Some((own, (name, ty))) = own.and_then(|own| Some((own, table.attribute_of(own)?))) else { continue };
            name.clone_into(&mut known.name);
            known.number = ty == AttributeType::Number;
            known.open[when.index()] = ty == AttributeType::Text;
            if ty == AttributeType::Closed {
                let values = (0..table.value_count(own)).filter_map(|v| table.value_text(own, v));
                known.closed[when.index()] = Some(values.map(str::to_owned).collect());
            }
        }
        known
    }

    fn action(&self, joint: u32) -> Option<Action> {
        let of = |when: When| {
            let own = self.action_names.own(when, joint)?;
            self.table(when).action_of(bailiwick_table::ActionId(own))
        };
        let shown = of(When::After).or_else(|| of(When::Before))?;
        Some(Action { path: shown.path.to_owned(), kind: shown.kind, signature: shown.signature })
    }

    /// What tells how a token is read: of each role that may be presented, its joint number, what it needs, and what meets a need.
    fn claims(&self, when: When) -> Vec<(u32, Vec<u32>, Vec<u32>)> {
        let table = self.table(when);
        let by_claim = |r: &RoleId| table.role_of(*r).is_some_and(|r| r.by_claim);
        let joint = |r: RoleId| self.roles.joint(when, r.0);
        let mut all: Vec<_> = table
            .roles()
            .filter(by_claim)
            .map(|role| {
                let mut needs: Vec<u32> = table.needs(role).map(joint).collect();
                let mut meets: Vec<u32> = table.roles().filter(|need| table.meets(role, *need)).map(joint).collect();
                needs.sort_unstable();
                meets.sort_unstable();
                (joint(role), needs, meets)
            })
            .collect();
        all.sort_unstable();
        all
    }

    /// The units of a side, each with those below it.
    fn ranges(&self, when: When) -> Vec<(u32, Vec<u32>)> {
        let mut all: Vec<_> =
            self.table(when).units().map(|u| (self.units.joint(when, u.0), self.below(when, u.0))).collect();
        all.sort_unstable();
        all
    }

    /// The joint numbers of a side's unit (by its own number) and those below it, sorted.
    #[must_use]
    pub fn below(&self, when: When, unit: u32) -> Vec<u32> {
        let range = self.table(when).unit_range(bailiwick_table::UnitId(unit));
        sorted(range.map(|u| self.units.joint(when, u)))
    }

    /// The joint numbers of a side's label (by its own number) and those below it, sorted.
    #[must_use]
    pub fn bearing(&self, when: When, label: u32) -> Vec<u32> {
        let range = self.table(when).label_range(bailiwick_table::LabelId(label));
        sorted(range.map(|l| self.labels.joint(when, l)))
    }
}

fn sorted(ids: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut all: Vec<u32> = ids.collect();
    all.sort_unstable();
    all
}

fn attribute_keys<'t>(table: &'t Bytes<'t>) -> Vec<String> {
    let shown = table.attributes().filter_map(|a| table.attribute_of(a));
    shown.map(|(name, ty)| format!("{}{name}", if ty == AttributeType::Number { "#" } else { "" })).collect()
}

/// The shortest endings of these paths that are no other's; the whole path where there is none.
fn unique_names(paths: &[&str]) -> Vec<String> {
    let mut count: FxHashMap<&str, u32> = FxHashMap::default();
    let whole: FxHashSet<&str> = paths.iter().copied().collect();
    for path in paths {
        *count.entry(own_name(path)).or_default() += 1;
    }
    let name = |path: &&str| {
        let own = own_name(path);
        let taken = own != *path && whole.contains(own);
        if count.get(own) == Some(&1) && !taken { own.to_owned() } else { (*path).to_owned() }
    };
    paths.iter().map(name).collect()
}

/// The last name of a dotted path; quoted names may have dots in them.
fn own_name(path: &str) -> &str {
    let (mut quoted, mut escaped, mut start) = (false, false, 0);
    for (at, byte) in path.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'.' if !quoted => start = at + 1,
            _ => {}
        }
    }
    path.get(start..).unwrap_or(path)
}
