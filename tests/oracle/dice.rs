//! Choices read from a list of bytes: the generator's and the printer's only source of variety.
//!
//! Small bytes choose simple things, and a list that is used up goes on with zeros: whatever list comes of shrinking, the policy
//! that is made of it is valid, and simpler.

/// A list of bytes being read.
#[derive(Debug, Clone)]
pub(crate) struct Dice<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Dice<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    fn next(&mut self) -> usize {
        let byte = self.bytes.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        byte.into()
    }

    /// A number below `count`; 0 where there is nothing to choose from.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        self.next() * count / 256
    }

    /// True in so many of a hundred cases.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.next() * 100 >= 256 * (100 - percent)
    }

    /// One of them, if there are any.
    pub(crate) fn pick<'t, T>(&mut self, from: &'t [T]) -> Option<&'t T> {
        let index = self.below(from.len());
        from.get(index)
    }
}

/// A generator of pseudo-random numbers (a counter, hashed), for the order in which a policy is written down.
#[derive(Debug, Clone)]
pub(crate) struct Shuffle(pub(crate) u64);

impl Shuffle {
    /// A number below `count`, which is not 0.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        usize::try_from((mixed >> 33) % count as u64).unwrap_or(0)
    }

    /// Puts a list in another order, unless the seed is 0.
    pub(crate) fn mix<T>(&mut self, list: &mut [T]) {
        if self.0 != 0 {
            for i in (1..list.len()).rev() {
                list.swap(i, self.below(i + 1));
            }
        }
    }
}
