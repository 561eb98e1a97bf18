//! A few units, in one place without a list of its own: fences of a million accounts are mostly such.

use super::id::UnitId;

/// How many they may be.
pub const MOST_UNITS: usize = 3;

/// What stands where there is no unit.
const NO_UNIT: UnitId = UnitId(u32::MAX);

/// At most [`MOST_UNITS`] units, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Units([UnitId; MOST_UNITS]);

impl Units {
    /// No units.
    pub const NONE: Self = Self([NO_UNIT; MOST_UNITS]);

    /// Adds one behind the others: none when they are too many for that.
    #[must_use]
    pub fn with(mut self, unit: UnitId) -> Option<Self> {
        let free = self.0.iter_mut().find(|place| **place == NO_UNIT)?;
        *free = unit;
        Some(self)
    }

    /// All of them.
    #[must_use]
    pub fn as_slice(&self) -> &[UnitId] {
        let count = self.0.iter().take_while(|unit| **unit != NO_UNIT).count();
        self.0.get(..count).unwrap_or(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_are_held_and_not_one_more() {
        let mut units = Units::NONE;
        for number in 0..3 {
            assert_eq!(units.as_slice().len(), number as usize);
            units = units.with(UnitId(number)).unwrap_or(Units::NONE);
        }
        assert_eq!(units.as_slice(), [UnitId(0), UnitId(1), UnitId(2)]);
        assert_eq!(units.with(UnitId(3)), None);
    }
}
