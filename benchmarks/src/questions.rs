//! Questions: random administrators, permissions and groups, half of them allowed.

use crate::model::Model;
use crate::naive::allows;
use crate::random::Random;

/// A question, and the naive evaluator's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    /// The administrator's number.
    pub admin: u32,
    /// The permission's number.
    pub permission: u32,
    /// The group that the target is in.
    pub group: u32,
    /// Whether it is allowed.
    pub allowed: bool,
}

/// So many questions, in no order. Of the allowed ones, administrator and assignment are drawn first, then what the assignment gives and
/// where; of the others everything is drawn until the answer is no.
#[must_use]
pub fn questions(model: &Model, count: usize) -> Vec<Question> {
    let mut random = Random::new(0x9e57_1045);
    let effective = model.effective();
    let mut drawn = Vec::with_capacity(count);
    let mut wanted = random.below(2) == 1;
    while drawn.len() < count {
        let (admin, permission, group) =
            if wanted { allowed(model, &effective, &mut random) } else { anything(model, &mut random) };
        let allowed = allows(model, admin, permission, group);
        if allowed == wanted {
            drawn.push(Question { admin, permission, group, allowed });
            wanted = random.below(2) == 1;
        }
    }
    drawn
}

fn allowed(model: &Model, effective: &[Vec<u32>], random: &mut Random) -> (u32, u32, u32) {
    let admin = random.below(model.size.admins);
    let assignment = random.of(&model.admins[admin as usize]);
    let permission = *random.of(&effective[assignment.role as usize]);
    if assignment.groups.is_empty() {
        return (admin, permission, random.below(model.size.groups));
    }
    let fence = *random.of(&assignment.groups);
    (admin, permission, random.between(fence, model.groups[fence as usize].end - 1))
}

fn anything(model: &Model, random: &mut Random) -> (u32, u32, u32) {
    let Model { size, .. } = model;
    (random.below(size.admins), random.below(size.permissions), random.below(size.groups))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::S;

    #[test]
    fn about_half_are_allowed() {
        let model = Model::new(S);
        let asked = questions(&model, 10_000);
        let allowed = asked.iter().filter(|q| q.allowed).count();
        assert!((4_800..5_200).contains(&allowed), "{allowed}");
        assert_eq!(asked, questions(&model, 10_000));
    }
}
