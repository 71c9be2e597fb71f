//! Rules of cameras that stand down because people found them wrong too often.
//!
//! A violation whose event time lies at or after the beginning of a stand-down, and before the rule is
//! back, becomes a void with the cause `rule_stood_down`. What counts is the newest change, in the order
//! of the log, that begins at or before the event time.
//!
//! Whoever appended a change before an observation can rely on it being known when the observation is
//! judged. A change that comes later, for a time that was judged already, takes nothing back: the outcome
//! has its id on the bus, and a second judgement after a restart is known by it.

mod history;

use wayside_bus::{Bus, BusError, Partition, Record, Topic, unreadable};
use wayside_proto::convert::DETAIL_BYTES_MAX;
use wayside_proto::{Outcome, RuleStandDown, Verdict, VoidCause};

use crate::follow::Follow;
use history::History;

/// The stand-downs of some partitions.
pub(crate) struct StandDowns {
    readers: Vec<Follow<RuleStandDown>>,
    history: History,
}

impl StandDowns {
    /// Those of one partition: of the sites whose observations have its number.
    pub(crate) fn of(bus: &dyn Bus, partition: Partition) -> Result<Self, BusError> {
        let reader = Follow::open(bus, Topic::StandDowns, partition)?;
        Ok(Self { readers: vec![reader], history: History::default() })
    }

    /// Those of every site: a section ends at a camera of any.
    pub(crate) fn of_all(bus: &dyn Bus) -> Result<Self, BusError> {
        let partitions = 0..bus.partitions(Topic::StandDowns)?;
        let open = |number| Follow::open(bus, Topic::StandDowns, Partition(number));
        Ok(Self {
            readers: partitions.map(open).collect::<Result<_, _>>()?,
            history: History::default(),
        })
    }

    /// Takes every change that the bus has now. What cannot be read becomes a dead letter.
    pub(crate) fn take(
        &mut self,
        bus: &dyn Bus,
        consumer: &str,
        letters: &mut Vec<(Topic, Record)>,
    ) -> Result<(), BusError> {
        let history = &mut self.history;
        for reader in &mut self.readers {
            reader.take(bus, |stored, change| {
                let taken = change.and_then(|change| history.push(change));
                if let Err(error) = &taken {
                    let error = error.clone();
                    letters.push(unreadable(Topic::StandDowns, stored, error, consumer));
                }
                taken.is_ok()
            })?;
        }
        Ok(())
    }

    /// Makes a violation of a rule that stood down a void.
    pub(crate) fn apply(&self, outcome: &mut Outcome) {
        if outcome.verdict != Verdict::Violation {
            return;
        }
        let of = (&outcome.site, &outcome.camera, outcome.rule);
        if let Some(change) = self.history.at(of, outcome.event_time) {
            let cause = VoidCause::RuleStoodDown;
            outcome.verdict = Verdict::Void { cause, detail: sentence(change) };
        }
    }
}

/// Why, for a person, and what to do about it.
fn sentence(change: &RuleStandDown) -> String {
    let RuleStandDown { site, camera, rule, since, why, decided, errors, .. } = change;
    let back = "A senior reviewer or an engineer reinstates it: `wayside review`, POST /v1/stand-downs/reinstate.";
    let head = format!("The rule stands down at {site}/{camera} since {since}.");
    let share = format!("{errors} of {decided} decided cases were errors of {rule}.");
    let why = if why.is_empty() { share.as_str() } else { why.trim() };
    let room = DETAIL_BYTES_MAX.saturating_sub(head.len() + back.len() + 2);
    let end = (0..=room.min(why.len())).rev().find(|end| why.is_char_boundary(*end));
    let why = why.get(..end.unwrap_or(0)).unwrap_or_default();
    format!("{head} {why} {back}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use wayside_proto::{CameraId, EventTime, SiteId};

    fn change(why: &str) -> RuleStandDown {
        RuleStandDown {
            site: SiteId::from("junction"),
            camera: CameraId::from("north"),
            rule: "red_light",
            stood_down: true,
            since: EventTime(1_780_300_000_000_000),
            why: why.to_owned(),
            decided: 60,
            errors: 7,
        }
    }

    #[test]
    fn the_sentence_says_how_often_and_what_to_do() {
        let why = "People found 7 of 60 violations wrong (11.7%, at least 5.8% with 95% confidence; 5.0% are allowed).";
        let said = format!("{}\n{}", sentence(&change(why)), sentence(&change("")));
        insta::assert_snapshot!(said, @r"
        The rule stands down at junction/north since 2026-06-01T07:46:40.000000Z. People found 7 of 60 violations wrong (11.7%, at least 5.8% with 95% confidence; 5.0% are allowed). A senior reviewer or an engineer reinstates it: `wayside review`, POST /v1/stand-downs/reinstate.
        The rule stands down at junction/north since 2026-06-01T07:46:40.000000Z. 7 of 60 decided cases were errors of red_light. A senior reviewer or an engineer reinstates it: `wayside review`, POST /v1/stand-downs/reinstate.
        ");
    }

    #[test]
    fn the_sentence_has_room_in_the_message() {
        let long = sentence(&change(&"ä".repeat(DETAIL_BYTES_MAX)));
        assert!(
            long.len() <= DETAIL_BYTES_MAX && long.len() > DETAIL_BYTES_MAX - 4,
            "{}",
            long.len()
        );
        assert!(long.ends_with("/v1/stand-downs/reinstate."));
    }
}
