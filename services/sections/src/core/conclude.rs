//! What follows from a match: travel time, mean speed, outcome.

use wayside_proto::{Abstention, PassageId, Verdict};

use super::SectionCore;
use crate::decide::Best;
use crate::judge::{Measured, judge};
use crate::speed::between;
use crate::step::{Action, Match};

impl SectionCore {
    /// Tells a match and what the rule concludes; gives travel time in seconds and mean speed.
    /// `of_entry` is the best entry of the vehicle that left, `of_exit` is the best exit of that
    /// entry, which is the vehicle.
    pub(super) fn conclude(
        &mut self,
        exit_id: PassageId,
        of_entry: &Best,
        of_exit: &Best,
    ) -> Result<(f64, f64), Abstention> {
        let settings = &self.settings;
        let [entries, exits] = &self.ends;
        let entry_id = of_entry.id;
        let entry = entries.get(entry_id).ok_or(Abstention::Expired)?;
        let exit = exits.get(exit_id).ok_or(Abstention::Expired)?;
        let (length_m, length_sigma_m) = (settings.length_m, settings.length_sigma_m);
        let (travel_time_s, mean_speed_ms) =
            between(&entry.crossing, &exit.crossing, length_m, length_sigma_m)
                .ok_or(Abstention::Clock)?;
        let margins = [of_entry.margin, of_exit.margin];
        let margin = margins.into_iter().flatten().reduce(f64::min);
        let matched = Match {
            entry: entry_id,
            exit: exit_id,
            entered: entry.crossing.time,
            left: exit.crossing.time,
            similarity: of_exit.similarity,
            margin,
            travel_time_s,
            mean_speed_ms,
        };
        let section = &settings.section;
        let measured = Measured {
            section,
            length_m,
            length_sigma_m,
            entry,
            exit,
            similarity: of_exit.similarity,
            margin,
            travel_time_s,
            mean_speed_ms,
        };
        let outcome = settings.rule.as_ref().and_then(|rule| judge(rule, &measured));
        self.told.push_back(Action::Matched(matched));
        if let Some(outcome) = outcome {
            match outcome.verdict {
                Verdict::Violation => self.counts.violations += 1,
                Verdict::Void { .. } => self.counts.voids += 1,
            }
            self.told.push_back(Action::Concluded(Box::new(outcome)));
        }
        Ok((travel_time_s.value, mean_speed_ms.value))
    }
}
