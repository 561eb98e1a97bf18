//! The synthetic model: roles in four layers, groups in a tree of four levels, administrators with a few fenced roles each.

use crate::random::Random;

/// How large a model is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// What it is called.
    pub name: &'static str,
    /// Roles.
    pub roles: u32,
    /// Administrators.
    pub admins: u32,
    /// Permissions.
    pub permissions: u32,
    /// Groups.
    pub groups: u32,
}

/// A platform of one team.
pub const S: Size = Size { name: "S", roles: 100, admins: 1_000, permissions: 200, groups: 50 };
/// A large organisation.
pub const M: Size = Size { name: "M", roles: 500, admins: 100_000, permissions: 1_000, groups: 1_000 };
/// A platform for everybody.
pub const L: Size = Size { name: "L", roles: 2_000, admins: 1_000_000, permissions: 2_000, groups: 10_000 };
/// All of them.
pub const SIZES: [Size; 3] = [S, M, L];

/// Layers of roles, and levels of groups.
pub const LAYERS: u32 = 4;

/// A role: what it allows by itself, and the roles of lower layers that it extends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Permissions, ascending.
    pub own: Vec<u32>,
    /// Roles with smaller numbers, ascending.
    pub extends: Vec<u32>,
}

/// A group in the order of a walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    /// The group above, if any.
    pub parent: Option<u32>,
    /// One past the last group below.
    pub end: u32,
}

/// A role of an administrator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The role.
    pub role: u32,
    /// The groups whose subtrees it is for, ascending; everywhere when there are none.
    pub groups: Vec<u32>,
}

/// The whole model. Administrators stand in the order of their logins, permissions and groups in that of their names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// What was asked for.
    pub size: Size,
    /// Roles, lower layers first.
    pub roles: Vec<Role>,
    /// Groups, in the order of a walk.
    pub groups: Vec<Group>,
    /// Each administrator's roles.
    pub admins: Vec<Vec<Assignment>>,
}

impl Model {
    /// The model of a size; always the same one.
    #[must_use]
    pub fn new(size: Size) -> Self {
        let mut random = Random::new(0xba11_1e1c + u64::from(size.admins));
        let roles = (0..size.roles).map(|role| Role::random(&mut random, size, role)).collect();
        let groups = tree(&mut random, size.groups);
        let admins = (0..size.admins).map(|_| assignments(&mut random, size)).collect();
        Self { size, roles, groups, admins }
    }

    /// Everything that each role allows, what it extends included; ascending.
    #[must_use]
    pub fn effective(&self) -> Vec<Vec<u32>> {
        let mut all: Vec<Vec<u32>> = vec![];
        for role in &self.roles {
            let mut allowed = role.own.clone();
            for lower in &role.extends {
                allowed.extend_from_slice(&all[*lower as usize]);
            }
            allowed.sort_unstable();
            allowed.dedup();
            all.push(allowed);
        }
        all
    }
}

impl Role {
    fn random(random: &mut Random, size: Size, role: u32) -> Self {
        let count = random.between(5, 60);
        let layer = u64::from(role) * u64::from(LAYERS) / u64::from(size.roles);
        let lower = (u64::from(size.roles) * layer).div_ceil(u64::from(LAYERS));
        let extended = random.between(0, 3);
        let own = random.distinct(0..size.permissions, count);
        Self { own, extends: random.distinct(0..u32::try_from(lower).unwrap_or(0), extended) }
    }
}

fn assignments(random: &mut Random, size: Size) -> Vec<Assignment> {
    let count = random.between(1, 4);
    let roles = random.distinct(0..size.roles, count);
    let each = roles.into_iter().map(|role| {
        let count = if random.below(10) == 0 { 0 } else { random.between(1, 3) };
        Assignment { role, groups: random.distinct(0..size.groups, count) }
    });
    each.collect()
}

/// A forest whose levels grow by one factor; each group is below a random one of the level above.
fn tree(random: &mut Random, count: u32) -> Vec<Group> {
    let factor = f64::from(count).powf(1.0 / f64::from(LAYERS));
    let sizes = (1..LAYERS).map(|level| factor.powi(level.cast_signed()).ceil() as u32);
    let mut starts = vec![0];
    for size in sizes {
        starts.push(starts.last().copied().unwrap_or(0) + size);
    }
    starts.push(count);
    let mut below = vec![vec![]; count as usize];
    for level in 1..LAYERS as usize {
        for group in starts[level]..starts[level + 1] {
            below[random.between(starts[level - 1], starts[level] - 1) as usize].push(group);
        }
    }
    let mut groups = vec![];
    for top in 0..starts[1] {
        walk(&below, top, None, &mut groups);
    }
    groups
}

/// Numbers a subtree anew; no deeper than there are levels.
fn walk(below: &[Vec<u32>], group: u32, parent: Option<u32>, groups: &mut Vec<Group>) {
    let number = groups.len();
    groups.push(Group { parent, end: 0 });
    let own = u32::try_from(number).ok();
    for child in &below[group as usize] {
        walk(below, *child, own, groups);
    }
    groups[number].end = u32::try_from(groups.len()).unwrap_or(u32::MAX);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_same_each_time_and_as_large_as_asked() {
        let model = Model::new(S);
        assert_eq!(model, Model::new(S));
        assert_eq!((model.roles.len(), model.groups.len(), model.admins.len()), (100, 50, 1_000));
        let ways: usize = model.admins.iter().map(Vec::len).sum();
        let everywhere = model.admins.iter().flatten().filter(|a| a.groups.is_empty()).count();
        assert!((2_300..2_700).contains(&ways), "{ways}");
        assert!((ways / 14..ways / 7).contains(&everywhere), "{everywhere} of {ways}");
    }

    #[test]
    fn groups_are_nested_four_levels_deep() {
        let model = Model::new(M);
        let depth = |mut group: u32| {
            let mut depth = 1;
            while let Some(parent) = model.groups[group as usize].parent {
                assert!(parent < group && group < model.groups[parent as usize].end);
                (group, depth) = (parent, depth + 1);
            }
            depth
        };
        assert_eq!((0..M.groups).map(depth).max(), Some(LAYERS));
        assert_eq!((0..M.groups).map(depth).min(), Some(1));
    }

    #[test]
    fn roles_extend_lower_layers_only() {
        let model = Model::new(M);
        let layer = |role: u32| role * LAYERS / M.roles;
        for (role, of) in (0..).zip(&model.roles) {
            assert!((5..=60).contains(&of.own.len()) && of.extends.len() <= 3);
            assert!(of.extends.iter().all(|lower| layer(*lower) < layer(role)), "{role}");
        }
    }
}
