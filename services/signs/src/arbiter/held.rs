//! Messages that hold or will, and what is known of those that were.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use wayside_proto::convert::SIGN_MESSAGE_LIFE_S_MAX;
use wayside_proto::{EventTime, SignMessageId, SignText};

use super::Refused;

/// Messages that one sign can hold at a time.
pub const MESSAGES_MAX: usize = 64;
/// Ids that are remembered.
const SEEN_MAX: usize = 4_096;
/// Slots of sources of which the newest message is remembered.
const MARKS_MAX: usize = 256;

/// A source and one of its slots.
type Slot = (String, String);
/// How new a message is among those of its slot.
type Newness = (EventTime, SignMessageId);

/// A message, who said it, and when.
#[derive(Clone, Debug)]
pub(super) struct HeldText {
    pub(super) source: String,
    pub(super) said: EventTime,
    pub(super) text: SignText,
}

impl HeldText {
    fn slot(&self) -> Slot {
        (self.source.clone(), self.text.slot.clone())
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct Held {
    texts: BTreeMap<SignMessageId, HeldText>,
    seen: BTreeSet<SignMessageId>,
    seen_in_order: VecDeque<SignMessageId>,
    /// The newest message of each slot that has begun: older ones are superseded.
    marks: BTreeMap<Slot, Newness>,
    /// Where marks had to go, everything that began until then counts as superseded.
    floor: Option<EventTime>,
}

fn newness(text: &SignText) -> Newness {
    (text.not_before, text.id.clone())
}

impl Held {
    pub(super) fn take(
        &mut self,
        source: &str,
        said: EventTime,
        text: &SignText,
    ) -> Result<(), Refused> {
        if self.seen.contains(&text.id) {
            return Err(Refused::Duplicate);
        }
        let slot = (source.to_owned(), text.slot.clone());
        let superseded = match self.marks.get(&slot) {
            Some(mark) => newness(text) <= *mark,
            None => self.floor.is_some_and(|floor| text.not_before <= floor),
        };
        if superseded {
            return Err(Refused::Superseded);
        }
        if self.texts.len() >= MESSAGES_MAX {
            self.make_room(text)?;
        }
        self.remember(&text.id);
        let held = HeldText { source: source.to_owned(), said, text: text.clone() };
        self.texts.insert(text.id.clone(), held);
        Ok(())
    }

    /// The message that counts least goes, where the new one counts more.
    fn make_room(&mut self, text: &SignText) -> Result<(), Refused> {
        let key = |text: &SignText| (text.priority, text.not_before, text.id.clone());
        let least = self.texts.values().map(|held| key(&held.text)).min();
        match least {
            Some(least) if least < key(text) => {
                self.texts.remove(&least.2);
                Ok(())
            }
            _ => Err(Refused::Full),
        }
    }

    fn remember(&mut self, id: &SignMessageId) {
        if self.seen_in_order.len() >= SEEN_MAX
            && let Some(oldest) = self.seen_in_order.pop_front()
        {
            self.seen.remove(&oldest);
        }
        self.seen.insert(id.clone());
        self.seen_in_order.push_back(id.clone());
    }

    /// Lets go what has ended or is superseded at this instant.
    pub(super) fn settle(&mut self, now: EventTime) {
        for held in self.texts.values().filter(|held| held.text.not_before <= now) {
            let newness = newness(&held.text);
            let mark = self.marks.entry(held.slot()).or_insert_with(|| newness.clone());
            if *mark < newness {
                *mark = newness;
            }
        }
        let marks = &self.marks;
        self.texts.retain(|_, held| {
            let mark = marks.get(&held.slot());
            now < held.text.expires && mark.is_none_or(|mark| newness(&held.text) >= *mark)
        });
        // Whatever such a mark stands against has expired.
        self.marks.retain(|_, (begun, _)| now < begun.plus_s(SIGN_MESSAGE_LIFE_S_MAX));
        while self.marks.len() > MARKS_MAX {
            let Some((slot, begun)) = self
                .marks
                .iter()
                .min_by_key(|(_, mark)| *mark)
                .map(|(slot, mark)| (slot.clone(), mark.0))
            else {
                return;
            };
            self.marks.remove(&slot);
            self.floor = self.floor.max(Some(begun));
        }
    }

    /// Messages that hold at this instant.
    pub(super) fn running(&self, now: EventTime) -> impl Iterator<Item = &HeldText> {
        let holds = move |text: &SignText| text.not_before <= now && now < text.expires;
        self.texts.values().filter(move |held| holds(&held.text))
    }

    /// Lets go all messages: the clock has jumped. What was seen stays seen; what was newest by the old clock
    /// says nothing about the new one.
    pub(super) fn clear(&mut self) {
        self.texts.clear();
        self.marks.clear();
        self.floor = None;
    }
}
