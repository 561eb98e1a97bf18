//! Dates, numbers and prices.

use jiff::civil::Date;

use super::grammar::{Node, Parts, Rule};
use super::reader::Reader;
use crate::check::bw004;
use crate::source::Spanned;
use crate::syntax::ast::Price;

impl Reader<'_> {
    /// The day in `from 2026-01-01` and its like.
    pub(super) fn day_in(&mut self, node: Node<'_>) -> Option<Spanned<Date>> {
        let date = Parts::of(node).next_of(Rule::date)?;
        self.date(&date)
    }

    /// A day, `2026-12-31`.
    pub(super) fn date(&mut self, node: &Node<'_>) -> Option<Spanned<Date>> {
        let span = self.span(node);
        match day(node.as_str()) {
            Ok(date) => Some(Spanned::new(date, span)),
            Err(why) => {
                self.report(bw004::date(node.as_str(), why, span));
                None
            }
        }
    }

    /// The count in `at most 3` and its like.
    pub(super) fn count_in(&mut self, node: Node<'_>) -> Option<Spanned<u32>> {
        let number = Parts::of(node).next_of(Rule::number)?;
        let span = self.span(&number);
        if let Ok(count) = number.as_str().parse() {
            return Some(Spanned::new(count, span));
        }
        self.report(bw004::count(number.as_str(), span));
        None
    }

    /// `price 9.00 EUR`.
    pub(super) fn price(&mut self, node: Node<'_>) -> Option<Price> {
        let mut parts = Parts::of(node);
        let number = parts.next_of(Rule::number)?;
        let currency = parts.next_of(Rule::name)?;
        let span = self.span(&number);
        let Some(cents) = cents(number.as_str()) else {
            self.report(bw004::price(number.as_str(), span));
            return None;
        };
        Some(Price { cents, currency: self.name(&currency) })
    }
}

/// Reads a day, or says why it is none.
fn day(text: &str) -> Result<Date, String> {
    let mut parts = text.splitn(3, '-');
    let (Some(year), Some(month), Some(day)) = (parts.next(), parts.next(), parts.next()) else {
        return Err("a day is written year, month, day".to_owned());
    };
    if let Some((_, time)) = day.split_once(['T', 't', ':'])
        && !time.is_empty()
    {
        return Err("a day has no time: it is a whole day, UTC".to_owned());
    }
    let digits = |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(year, 4) || !digits(month, 2) || !digits(day, 2) {
        return Err("a day is written with four digits, two and two".to_owned());
    }
    let (Ok(y), Ok(m), Ok(d)) = (year.parse(), month.parse(), day.parse()) else {
        return Err("a day is written with four digits, two and two".to_owned());
    };
    Date::new(y, m, d).map_err(|_| no_such_day(y, m))
}

/// Why a well-written day is not in the calendar.
fn no_such_day(year: i16, month: i8) -> String {
    match Date::new(year, month, 1) {
        Ok(first) => format!("{} has {} days", first.strftime("%B %Y"), first.days_in_month()),
        Err(_) => "a year has the months 01 to 12".to_owned(),
    }
}

/// Hundredths of `9`, `9.5` or `9.00`.
fn cents(text: &str) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let hundredths = match fraction.len() {
        1 => fraction.parse::<u64>().ok()?.checked_mul(10)?,
        2 => fraction.parse().ok()?,
        _ => return None,
    };
    whole.parse::<u64>().ok()?.checked_mul(100)?.checked_add(hundredths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_day_says_why() {
        assert_eq!(day("2026-02-28").map(|d| d.to_string()), Ok("2026-02-28".to_owned()));
        assert_eq!(day("2026-02-30"), Err("February 2026 has 28 days".to_owned()));
        assert_eq!(day("2026-13-01"), Err("a year has the months 01 to 12".to_owned()));
        assert_eq!(day("31.12.2026"), Err("a day is written year, month, day".to_owned()));
        assert_eq!(day("2026-1-1"), Err("a day is written with four digits, two and two".to_owned()));
        assert_eq!(day("2026-01-01T10:00"), Err("a day has no time: it is a whole day, UTC".to_owned()));
    }

    #[test]
    fn prices_count_in_hundredths() {
        assert_eq!(cents("9.00"), Some(900));
        assert_eq!(cents("9"), Some(900));
        assert_eq!(cents("0.5"), Some(50));
        assert_eq!(cents("9.001"), None);
        assert_eq!(cents("99999999999999999999"), None);
    }
}
