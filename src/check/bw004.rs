//! # BW004 a bad date, number or price
//!
//! ## What
//! A day that the calendar does not have, or that is not written year-month-day; a count that is no whole number; a price with more
//! than two decimals.
//!
//! ## Why
//! A right that ends on a day that does not exist would never end, or end when nobody expects it.
//!
//! ## Example
//! ```bw
//! admin aino { role operator until 2026-02-30 }   // February 2026 has 28 days
//! ```
//!
//! ## How to fix
//! Write days as `2026-12-31`, counts as `3`, prices as `9.00 EUR`.

use super::bw003::shown;
use crate::diagnostic::{Code, Finding};
use crate::source::Span;

/// Its code.
pub const CODE: Code = Code("BW004");

/// A text that is no day.
#[must_use]
pub fn date(text: &str, why: String, span: Span) -> Finding {
    Finding::fatal(CODE, format!("`{}` is no day", shown(text)))
        .at(span, why)
        .help("write a day as year, month and day: `2026-12-31`")
}

/// A text that is no count.
#[must_use]
pub fn count(text: &str, span: Span) -> Finding {
    Finding::fatal(CODE, format!("`{}` is no count", shown(text)))
        .at(span, format!("a whole number from 0 to {} is wanted", u32::MAX))
        .help("write digits alone: `3`")
}

/// A text that is no price.
#[must_use]
pub fn price(text: &str, span: Span) -> Finding {
    Finding::fatal(CODE, format!("`{}` is no price", shown(text)))
        .at(span, "an amount with at most two decimals is wanted")
        .help("write the amount with a point, then the currency: `9.00 EUR`")
}

/// A period whose last day is before its first.
#[must_use]
pub fn backward_period(from: Span, until: Span) -> Finding {
    Finding::fatal(CODE, "this period ends before it begins")
        .at(until, "the last day")
        .at(from, "the first day")
        .help("exchange the two days, or mend the year")
}
