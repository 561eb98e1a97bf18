//! Random numbers that are the same in every run and on every machine.

/// SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// The numbers that follow from a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A number below `end`; 0 when nothing is below it. Off from evenness by less than `end` in 2^32.
    pub const fn below(&mut self, end: u32) -> u32 {
        (((self.next() >> 32) * end as u64) >> 32) as u32
    }

    /// A number of `first..=last`.
    pub const fn between(&mut self, first: u32, last: u32) -> u32 {
        first + self.below(last - first + 1)
    }

    /// An item of a list that is not empty.
    pub fn of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(u32::try_from(items.len()).unwrap_or(u32::MAX)) as usize]
    }

    /// Different numbers of `range`, ascending: `count` of them, or all where there are fewer.
    pub fn distinct(&mut self, range: std::ops::Range<u32>, count: u32) -> Vec<u32> {
        let size = range.end.saturating_sub(range.start);
        if count >= size {
            return range.collect();
        }
        let mut found = vec![];
        while found.len() < count as usize {
            let number = range.start + self.below(size);
            if !found.contains(&number) {
                found.push(number);
            }
        }
        found.sort_unstable();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_the_published_ones() {
        let mut random = Random::new(1_234_567);
        assert_eq!(random.next(), 6_457_827_717_110_365_317);
        assert_eq!(random.next(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn distinct_numbers_are_distinct_and_inside() {
        let mut random = Random::new(7);
        for count in 0..12 {
            let found = random.distinct(20..30, count);
            assert_eq!(found.len(), count.min(10) as usize);
            assert!(found.windows(2).all(|pair| pair[0] < pair[1]) && found.iter().all(|n| (20..30).contains(n)));
        }
    }
}
