//! When the need to keep a record is looked at again (DPA 2018 s.39(2)).

use jiff::ToSpan;
use jiff::civil::Date;
use model::Retention;

/// The first review: the kind's period after the event, or after the writing where no event date
/// is known.
#[must_use]
pub fn first_review(retention: &Retention, happened: Option<Date>, written: Date) -> Date {
    let from = happened.unwrap_or(written);
    from.saturating_add(i64::from(retention.review_after_months).months())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const SEVEN_YEARS: Retention =
        Retention { rule: "a test", review_after_months: 84, source: "a test", sure: "force policy" };

    #[test]
    fn the_review_counts_from_the_event_where_that_is_known() {
        let happened = Some(date(2024, 2, 29));
        assert_eq!(first_review(&SEVEN_YEARS, happened, date(2024, 3, 1)), date(2031, 2, 28));
        assert_eq!(first_review(&SEVEN_YEARS, None, date(2024, 3, 1)), date(2031, 3, 1));
    }
}
