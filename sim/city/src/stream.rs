//! The stream of one site as messages, generated or played.

use wayside_proto::SiteId;
use wayside_proto::convert::FrameProblem;

use crate::event::Event;
use crate::junction::Junction;
use crate::message::Message;
use crate::tape::TapePlayer;

/// The messages of one site, in order of event time.
#[derive(Clone, Debug)]
pub struct SiteStream {
    source: Source,
    events: Vec<Event>,
}

#[derive(Clone, Debug)]
enum Source {
    Generated(Box<Junction>),
    Played(Box<TapePlayer>),
}

impl SiteStream {
    /// The site's id.
    #[must_use]
    pub fn site(&self) -> &SiteId {
        match &self.source {
            Source::Generated(junction) => junction.site(),
            Source::Played(player) => player.site(),
        }
    }

    /// Goes on to `until_us`, microseconds from the beginning, not included. A generated stream goes on
    /// by whole frame intervals.
    ///
    /// # Errors
    /// Where a message breaks the contract.
    pub fn until(&mut self, until_us: i64, out: &mut Vec<Message>) -> Result<(), FrameProblem> {
        match &mut self.source {
            Source::Played(player) => player.until(until_us, out),
            Source::Generated(junction) => {
                while junction.next_us() < until_us {
                    junction.step(&mut self.events);
                    for event in self.events.drain(..) {
                        out.push(Message::new(event)?);
                    }
                }
                Ok(())
            }
        }
    }

    /// Ends the stream: what is being done at the end counts as far as it was seen.
    pub fn finish(&mut self, out: &mut Vec<Message>) {
        if let Source::Generated(junction) = &mut self.source {
            junction.finish(&mut self.events);
            out.extend(self.events.drain(..).filter_map(|event| match event {
                Event::Truth(truth) => Some(Message::Truth(truth)),
                Event::Signal(_) | Event::Observation(_) => None,
            }));
        }
    }
}

impl From<Junction> for SiteStream {
    fn from(junction: Junction) -> Self {
        Self { source: Source::Generated(Box::new(junction)), events: Vec::new() }
    }
}

impl From<TapePlayer> for SiteStream {
    fn from(player: TapePlayer) -> Self {
        Self { source: Source::Played(Box::new(player)), events: Vec::new() }
    }
}
