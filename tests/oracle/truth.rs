//! Kleene's three truth values, ordered so that `and` is the least and `or` the greatest.

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Truth {
    False,
    Unknown,
    True,
}

impl Truth {
    pub(crate) fn and(self, other: Self) -> Self {
        self.min(other)
    }

    pub(crate) fn or(self, other: Self) -> Self {
        self.max(other)
    }

    pub(crate) const fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
            Self::True => Self::False,
        }
    }
}

pub(crate) const fn from(known: bool) -> Truth {
    if known { Truth::True } else { Truth::False }
}

/// True where there are none.
pub(crate) fn all(truths: impl IntoIterator<Item = Truth>) -> Truth {
    truths.into_iter().fold(Truth::True, Truth::and)
}

/// False where there are none.
pub(crate) fn any(truths: impl IntoIterator<Item = Truth>) -> Truth {
    truths.into_iter().fold(Truth::False, Truth::or)
}
