//! By handle: short rows of (permission set, subtree interval) behind an index.

use std::hint::black_box;

use crate::model::Model;
use crate::questions::Question;

/// A bit for each permission, a run of words for each role.
#[derive(Debug, Clone)]
pub(super) struct Sets {
    words: Vec<u64>,
    /// The words of one role.
    width: u32,
}

/// A permission set, and the groups for which it counts: `first..first + length`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) set: u32,
    pub(super) first: u32,
    pub(super) length: u32,
}

/// Everything, administrator by administrator.
#[derive(Debug, Clone)]
pub struct Rows {
    sets: Sets,
    /// Where an administrator's rows start; one more for the end of the last.
    starts: Vec<u32>,
    rows: Vec<Row>,
}

impl Sets {
    pub(super) fn new(model: &Model) -> Self {
        let width = model.size.permissions.div_ceil(64);
        let mut words = vec![0; width as usize * model.roles.len()];
        for (set, permissions) in words.chunks_mut(width as usize).zip(model.effective()) {
            for permission in permissions {
                set[permission as usize / 64] |= 1 << (permission % 64);
            }
        }
        Self { words, width }
    }

    #[inline]
    pub(super) fn has(&self, set: u32, permission: u32) -> bool {
        let word = self.words.get((set * self.width + permission / 64) as usize);
        word.is_some_and(|word| word >> (permission % 64) & 1 == 1)
    }
}

impl Row {
    #[inline]
    pub(super) const fn reaches(self, group: u32) -> bool {
        group.wrapping_sub(self.first) < self.length
    }
}

/// The rows of an administrator.
pub(super) fn rows_of(model: &Model, admin: usize) -> impl Iterator<Item = Row> + '_ {
    model.admins[admin].iter().flat_map(|one| {
        let everywhere = one.groups.is_empty().then_some((0, model.size.groups));
        let fences = one.groups.iter().map(|g| (*g, model.groups[*g as usize].end - g));
        fences.chain(everywhere).map(|(first, length)| Row { set: one.role, first, length })
    })
}

impl Rows {
    /// The rows of a model.
    #[must_use]
    pub fn new(model: &Model) -> Self {
        let (mut starts, mut rows) = (vec![0], vec![]);
        for admin in 0..model.admins.len() {
            rows.extend(rows_of(model, admin));
            starts.push(u32::try_from(rows.len()).unwrap_or(u32::MAX));
        }
        rows.shrink_to_fit();
        Self { sets: Sets::new(model), starts, rows }
    }

    /// Bytes for each administrator, permission sets not counted.
    #[must_use]
    pub fn bytes_each(&self) -> f64 {
        (self.rows.len() * size_of::<Row>() + self.starts.len() * 4) as f64 / (self.starts.len() - 1) as f64
    }

    /// Whether an administrator may use a permission on something in a group.
    #[must_use]
    #[inline]
    pub fn allows(&self, admin: u32, permission: u32, group: u32) -> bool {
        let at = admin as usize;
        let (Some(start), Some(end)) = (self.starts.get(at), self.starts.get(at + 1)) else { return false };
        let rows = self.rows.get(*start as usize..*end as usize).unwrap_or(&[]);
        rows.iter().any(|row| row.reaches(group) && self.sets.has(row.set, permission))
    }

    /// How many of the questions are allowed; what they will read is fetched for sixteen of them together.
    #[must_use]
    pub fn count(&self, questions: &[Question]) -> usize {
        let mut allowed = 0;
        for together in questions.chunks(16) {
            let mut starts = [0; 16];
            for (start, question) in starts.iter_mut().zip(together) {
                *start = self.starts.get(question.admin as usize).copied().unwrap_or(0);
            }
            let mut seen = 0;
            for start in starts.iter().take(together.len()) {
                for row in [*start as usize, *start as usize + 5] {
                    seen ^= self.rows.get(row).map_or(0, |row| row.set);
                }
            }
            black_box(seen);
            allowed += together.iter().filter(|q| self.allows(q.admin, q.permission, q.group)).count();
        }
        allowed
    }
}
