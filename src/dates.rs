//! Days: dates as the model and the table count them, from 1970-01-01 (UTC).

use jiff::civil::Date;

use crate::lower::rights::Days;
use crate::source::Spanned;
use crate::syntax::ast::Period;

/// Days since 1970-01-01.
#[must_use]
pub fn day_of(date: Date) -> i32 {
    date.since(Date::constant(1970, 1, 1)).map_or(0, |span| span.get_days())
}

/// The date of a day, `2026-01-31`; out of the calendar's range it is the day's number.
#[must_use]
pub fn date_text(day: i32) -> String {
    jiff::Span::new()
        .try_days(day)
        .and_then(|span| Date::constant(1970, 1, 1).checked_add(span))
        .map_or_else(|_| format!("day {day}"), |date| date.to_string())
}

/// Reads `2026-01-31`.
///
/// # Errors
/// Says why the text is no date.
pub fn parse_date(text: &str) -> Result<i32, String> {
    text.parse::<Date>().map(day_of).map_err(|_| format!("`{text}` is no date: write a day such as `2026-01-31`"))
}

/// Today, in UTC.
#[must_use]
pub fn today() -> i32 {
    let seconds =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs());
    i32::try_from(seconds / 86_400).unwrap_or(i32::MAX)
}

/// The days of a written period.
#[must_use]
pub fn days_of(period: &Period) -> Days {
    let day = |date: &Option<Spanned<Date>>| date.as_ref().map(|d| day_of(d.node));
    Days { from: day(&period.from).unwrap_or(i32::MIN), until: day(&period.until).unwrap_or(i32::MAX) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_count_from_the_epoch_and_back() {
        assert_eq!(parse_date("1970-01-02"), Ok(1));
        assert_eq!(parse_date("2026-02-28").map(date_text), Ok("2026-02-28".to_owned()));
        assert!(parse_date("2026-02-30").is_err());
        assert_eq!(date_text(parse_date("1969-12-31").unwrap_or(0)), "1969-12-31");
    }
}
