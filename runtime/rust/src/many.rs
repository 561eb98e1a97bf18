//! Many questions at once: what they will read is fetched for several of them together before the first is decided.

use core::hint::black_box;

use crate::id::{AccountId, ActionId};
use crate::raw::Raw;
use crate::reason::Decision;
use crate::table::Table;
use crate::target::Target;

/// How many questions are prepared together: as many reads as a processor keeps under way, and little enough to stay in its cache.
const TOGETHER: usize = 16;

impl<D: AsRef<[u8]>> Table<D> {
    /// Decides many questions about accounts on a day, each as [`Table::decide`] does. `target` makes the target of the question with a
    /// number, and `answer` is told the decision of each, in order.
    ///
    /// In a table much larger than the processor's caches this is faster than one decision after the other, because reads that do
    /// not depend on one another are made together.
    pub fn decide_many<'a>(
        &self,
        questions: &[(AccountId, ActionId)],
        day: i32,
        target: impl Fn(usize) -> Target<'a>,
        mut answer: impl FnMut(usize, Decision),
    ) {
        let raw = self.raw();
        let mut number = 0;
        for together in questions.chunks(TOGETHER) {
            fetch(raw, together);
            for (account, action) in together {
                answer(number, self.decide(*account, *action, &target(number), day));
                number += 1;
            }
        }
    }
}

/// Reads the cards that the questions lead to; no read waits for another.
#[inline]
fn fetch(raw: Raw<'_>, questions: &[(AccountId, ActionId)]) {
    let mut seen = 0;
    for (AccountId(account), _) in questions {
        seen ^= raw.card(*account).map_or(0, |card| card[0]);
    }
    black_box(seen);
}
