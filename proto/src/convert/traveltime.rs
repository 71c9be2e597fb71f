//! `wayside.v1.TravelTime`.

use super::ConvertError;
use super::check::{self, Checked, wrong, wrong_text};
use crate::{Abstention, SectionId, Spread, TRAVEL_TIME_MATCHED_MIN, TravelTime, wire};

/// Longest window, seconds.
pub const TRAVEL_TIME_WINDOW_S_MAX: u32 = 3_600;

impl TryFrom<&TravelTime> for wire::TravelTime {
    type Error = ConvertError;

    fn try_from(time: &TravelTime) -> Checked<Self> {
        let count = |(cause, count): &(Abstention, u32)| wire::AbstentionCount {
            cause: cause.as_str().to_owned(),
            count: *count,
        };
        let to_wire = |spread: Spread| wire::Spread {
            median: spread.median,
            lower_quartile: spread.lower_quartile,
            upper_quartile: spread.upper_quartile,
        };
        let message = Self {
            section: time.section.0.clone(),
            time_us: time.time.0,
            window_s: time.window_s,
            matched: time.matched,
            entered: time.entered,
            left: time.left,
            abstained: time.abstained.iter().map(count).collect(),
            travel_time_s: time.travel_time_s.map(to_wire),
            mean_speed_ms: time.mean_speed_ms.map(to_wire),
        };
        TravelTime::try_from(message.clone())?;
        Ok(message)
    }
}

impl TryFrom<wire::TravelTime> for TravelTime {
    type Error = ConvertError;

    fn try_from(message: wire::TravelTime) -> Checked<Self> {
        check::id("section", &message.section)?;
        let time = check::time("time_us", message.time_us)?;
        if !(1..=TRAVEL_TIME_WINDOW_S_MAX).contains(&message.window_s) {
            let expected = format!("a window of 1 to {TRAVEL_TIME_WINDOW_S_MAX} s");
            return Err(wrong("window_s", message.window_s, expected));
        }
        let mut abstained: Vec<(Abstention, u32)> = Vec::new();
        for (index, entry) in message.abstained.iter().enumerate() {
            let field = format!("abstained[{index}].cause");
            let cause = Abstention::parse(&entry.cause).ok_or_else(|| {
                let known = Abstention::ALL.map(Abstention::as_str).join(", ");
                wrong_text(&field, &entry.cause, &format!("a cause that is known: {known}"))
            })?;
            if abstained.last().is_some_and(|(earlier, _)| *earlier >= cause) {
                return Err(wrong_text(&field, &entry.cause, "after the causes before it"));
            }
            abstained.push((cause, entry.count));
        }
        let sum = abstained.iter().map(|(_, count)| u64::from(*count)).sum::<u64>();
        if sum + u64::from(message.matched) != u64::from(message.left) {
            let expected = format!("{} that were matched and {sum} that were not", message.matched);
            return Err(wrong("left", message.left, expected));
        }
        let seconds = spread("travel_time_s", message.travel_time_s, message.matched)?;
        let speed = spread("mean_speed_ms", message.mean_speed_ms, message.matched)?;
        Ok(Self {
            section: SectionId(message.section),
            time,
            window_s: message.window_s,
            matched: message.matched,
            entered: message.entered,
            left: message.left,
            abstained,
            travel_time_s: seconds,
            mean_speed_ms: speed,
        })
    }
}

/// Checks that the quartiles are in order, and that they are there just where enough vehicles are.
fn spread(field: &str, spread: Option<wire::Spread>, matched: u32) -> Checked<Option<Spread>> {
    let enough = matched >= TRAVEL_TIME_MATCHED_MIN;
    let Some(wire::Spread { median, lower_quartile, upper_quartile }) = spread else {
        return match enough {
            true => Err(wrong(field, "absent", "there, since enough vehicles were matched")),
            false => Ok(None),
        };
    };
    if !enough {
        let expected = format!(
            "absent; fewer than {TRAVEL_TIME_MATCHED_MIN} vehicles would show single trips"
        );
        return Err(wrong(field, median, expected));
    }
    for (name, value) in
        [("lower_quartile", lower_quartile), ("median", median), ("upper_quartile", upper_quartile)]
    {
        check::not_negative(&format!("{field}.{name}"), value)?;
    }
    if lower_quartile > median || upper_quartile < median {
        let expected = format!("between {lower_quartile} and {upper_quartile}");
        return Err(wrong(format!("{field}.median"), median, expected));
    }
    Ok(Some(Spread { median, lower_quartile, upper_quartile }))
}
