//! `wayside.v1.RuleOutcome`.

use super::check::{self, Checked, wrong, wrong_text};
use super::observation::class_from_wire;
use super::{ConvertError, FrameError, FrameProblem, Frames, encode_delimited};
use crate::{
    CameraId, EventTime, MotorVehicleClass, Outcome, OutcomeId, Quantity, RoadUserClass, RunId,
    Signal, SiteId, TrackId, Unit, Verdict, VoidCause, wire,
};

/// Quantities that one outcome may have.
pub const QUANTITIES_MAX: usize = 32;
/// Bytes of the sentence that explains a void.
pub const DETAIL_BYTES_MAX: usize = 2_048;

/// Rules that can have an outcome. A list, because a name that nobody knows is a mistake.
pub const RULE_NAMES: [&str; 10] = [
    "red_light",
    "stop_line",
    "wrong_way",
    "illegal_turn",
    "box_junction",
    "reserved_lane",
    "no_stopping",
    "crossing_yield",
    "section_speed",
    "spot_speed",
];

/// Quantities that rules measure.
pub const QUANTITY_NAMES: [&str; 13] = [
    "time_into_red",
    "speed_at_line",
    "time_in_junction",
    "overrun",
    "distance",
    "duration",
    "dwell",
    "speed",
    "distance_to_person",
    "travel_time",
    "mean_speed",
    "spot_speed_entry",
    "spot_speed_exit",
];

/// Appends an outcome with its length to `out`.
///
/// # Errors
/// Where a field breaks the contract; `out` then stays as it was.
pub fn encode_outcome(outcome: &Outcome, out: &mut Vec<u8>) -> Result<(), FrameProblem> {
    encode_delimited(&wire::RuleOutcome::try_from(outcome)?, out)
}

/// Every outcome in `bytes`, a sequence of length-delimited messages.
///
/// # Errors
/// At the first message that cannot be read, with its number and offset.
pub fn decode_outcomes(bytes: &[u8]) -> Result<Vec<Outcome>, FrameError> {
    Frames::new(bytes).map(|frame| frame?.decode::<wire::RuleOutcome, _>()).collect()
}

impl From<&Quantity> for wire::Quantity {
    fn from(quantity: &Quantity) -> Self {
        Self {
            name: quantity.name.to_owned(),
            value: quantity.value,
            low: quantity.low,
            high: quantity.high,
            unit: quantity.unit.as_str().to_owned(),
        }
    }
}

impl TryFrom<&Outcome> for wire::RuleOutcome {
    type Error = ConvertError;

    fn try_from(outcome: &Outcome) -> Checked<Self> {
        let (void_cause, void_detail) = match &outcome.verdict {
            Verdict::Violation => (String::new(), String::new()),
            Verdict::Void { cause, detail } => (cause.as_str().to_owned(), detail.clone()),
        };
        let message = Self {
            id: outcome.id.0.clone(),
            rule: outcome.rule.to_owned(),
            rule_version: outcome.rule_version,
            site: outcome.site.0.clone(),
            camera: outcome.camera.0.clone(),
            run: outcome.run.0.clone(),
            track: outcome.track.0,
            class: wire::RoadUserClass::from(RoadUserClass::from(outcome.class)).into(),
            event_time_us: outcome.event_time.0,
            place: outcome.place.clone(),
            approach: outcome.approach.clone().unwrap_or_default(),
            lane: outcome.lane.clone().unwrap_or_default(),
            quantities: outcome.quantities.iter().map(wire::Quantity::from).collect(),
            signal: outcome.signal.as_ref().map(|signal| wire::SignalState {
                group: signal.group.clone(),
                state: signal.state.as_str().to_owned(),
                since_us: signal.since.map(|since| since.0),
            }),
            void_cause,
            void_detail,
        };
        // The same path as a reader's, so that what is written can be read.
        Outcome::try_from(message.clone())?;
        Ok(message)
    }
}

impl TryFrom<wire::RuleOutcome> for Outcome {
    type Error = ConvertError;

    fn try_from(message: wire::RuleOutcome) -> Checked<Self> {
        check::digest_id("id", &message.id)?;
        let rule = listed(&RULE_NAMES, "rule", &message.rule, "a rule that is known")?;
        if message.rule_version == 0 {
            return Err(wrong("rule_version", 0, "a version from 1"));
        }
        check::id("site", &message.site)?;
        check::id("camera", &message.camera)?;
        check::name("run", &message.run)?;
        let class = subject(message.class)?;
        let event_time = check::time("event_time_us", message.event_time_us)?;
        check::name("place", &message.place)?;
        let verdict = verdict(&message)?;
        let quantities = quantities(&message.quantities)?;
        Ok(Self {
            id: OutcomeId(message.id),
            rule,
            rule_version: message.rule_version,
            site: SiteId(message.site),
            camera: CameraId(message.camera),
            run: RunId(message.run),
            track: TrackId(message.track),
            class,
            event_time,
            place: message.place,
            approach: optional_name("approach", message.approach)?,
            lane: optional_name("lane", message.lane)?,
            quantities,
            signal: message.signal.map(signal).transpose()?,
            verdict,
        })
    }
}

/// The entry of `list` that equals `text`, which outlives the message.
pub(super) fn listed(
    list: &'static [&'static str],
    field: &str,
    text: &str,
    expected: &str,
) -> Checked<&'static str> {
    list.iter()
        .copied()
        .find(|known| *known == text)
        .ok_or_else(|| wrong_text(field, text, &format!("{expected}: {}", list.join(", "))))
}

/// Motor vehicles only: the type has no place for anyone else.
fn subject(number: i32) -> Checked<MotorVehicleClass> {
    let class = class_from_wire("class", number)?;
    class.motor_vehicle().ok_or_else(|| {
        wrong("class", class.as_str(), "a motor vehicle; nobody else is the subject of a violation")
    })
}

pub(super) fn optional_name(field: &str, text: String) -> Checked<Option<String>> {
    if text.is_empty() {
        return Ok(None);
    }
    check::name(field, &text)?;
    Ok(Some(text))
}

pub(super) fn quantities(wire: &[wire::Quantity]) -> Checked<Vec<Quantity>> {
    if wire.len() > QUANTITIES_MAX {
        let value = format!("{} quantities", wire.len());
        return Err(wrong("quantities", value, format!("at most {QUANTITIES_MAX} quantities")));
    }
    let mut read: Vec<Quantity> = Vec::with_capacity(wire.len());
    for (index, message) in wire.iter().enumerate() {
        let quantity = quantity(&format!("quantities[{index}]"), message)?;
        if read.iter().any(|earlier| earlier.name == quantity.name) {
            let field = format!("quantities[{index}].name");
            return Err(wrong_text(&field, quantity.name, "a name that was not given before"));
        }
        read.push(quantity);
    }
    Ok(read)
}

fn quantity(field: &str, message: &wire::Quantity) -> Checked<Quantity> {
    let name = format!("{field}.name");
    let name = listed(&QUANTITY_NAMES, &name, &message.name, "a quantity that is known")?;
    let value = message.value;
    check::finite(&format!("{field}.value"), value)?;
    for (bound, end) in [("low", message.low), ("high", message.high)] {
        check::finite(&format!("{field}.{bound}"), end.unwrap_or(0.0))?;
    }
    if let Some(low) = message.low.filter(|low| *low > value) {
        return Err(wrong(format!("{field}.low"), low, format!("at or below the value, {value}")));
    }
    if let Some(high) = message.high.filter(|high| *high < value) {
        return Err(wrong(
            format!("{field}.high"),
            high,
            format!("at or above the value, {value}"),
        ));
    }
    let unit = Unit::parse(&message.unit)
        .ok_or_else(|| wrong_text(&format!("{field}.unit"), &message.unit, "s, m or m/s"))?;
    Ok(Quantity { name, value, low: message.low, high: message.high, unit })
}

fn signal(message: wire::SignalState) -> Checked<Signal> {
    check::name("signal.group", &message.group)?;
    let state = check::colour("signal.state", &message.state)?;
    let since: Option<EventTime> =
        message.since_us.map(|us| check::time("signal.since_us", us)).transpose()?;
    Ok(Signal { group: message.group, state, since })
}

fn verdict(message: &wire::RuleOutcome) -> Checked<Verdict> {
    let detail = &message.void_detail;
    if detail.len() > DETAIL_BYTES_MAX {
        let expected = format!("a sentence of at most {DETAIL_BYTES_MAX} bytes");
        return Err(wrong_text("void_detail", detail, &expected));
    }
    if message.void_cause.is_empty() {
        if !detail.is_empty() {
            return Err(wrong_text("void_detail", detail, "empty, as it must be for a violation"));
        }
        return Ok(Verdict::Violation);
    }
    let cause = VoidCause::parse(&message.void_cause).ok_or_else(|| {
        let known = VoidCause::ALL.map(VoidCause::as_str).join(", ");
        wrong_text("void_cause", &message.void_cause, &format!("a cause that is known: {known}"))
    })?;
    Ok(Verdict::Void { cause, detail: detail.clone() })
}
