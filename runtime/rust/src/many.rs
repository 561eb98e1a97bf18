//! Many questions at once: what they will read is fetched for several of them together before the first is decided.

use core::hint::black_box;

use crate::id::{AccountId, ActionId};
use crate::layout::{block, reference, section};
use crate::node::Ref;
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

/// Reads what the questions lead to, step by step for all of them; nothing in a step waits for anything but the step before.
#[inline]
fn fetch(raw: Raw<'_>, questions: &[(AccountId, ActionId)]) {
    let mut starts = [0; TOGETHER];
    for (start, (AccountId(account), _)) in starts.iter_mut().zip(questions) {
        *start = raw.word(section::ACCOUNTS, *account);
    }
    let starts = starts.get(..questions.len()).unwrap_or(&[]);
    // Two places of a block, which most often lies in two lines of the cache.
    let mut seen = 0;
    for start in starts {
        seen ^= raw.word(section::BLOCKS, *start) ^ raw.word(section::BLOCKS, start.wrapping_add(BESIDE));
    }
    black_box(seen);
    // The fences of the first assignments, whatever words stand there in a block with other parts: this only reads.
    let mut seen = 0;
    for start in starts {
        for way in 0..FENCES {
            let fence = Ref(raw.word(section::BLOCKS, start.wrapping_add(3 + way * block::ASSIGNMENT)));
            let node = if fence.kind() == reference::NODE { fence.payload() } else { 0 };
            seen ^= raw.word(section::NODES, node);
        }
    }
    black_box(seen);
}

/// Words from one line of a cache to the next.
const BESIDE: u32 = 16;
/// The assignments whose fences are fetched.
const FENCES: u32 = 4;
