//! Who of a group has a topic. All members are in this process; the one that came first has it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::topic::Topic;

/// The members of every group, in the order in which they came.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    members: BTreeMap<(String, Topic), VecDeque<u64>>,
    last: u64,
}

impl Groups {
    fn state(&self) -> MutexGuard<'_, State> {
        // The lists are whole even where a thread died with the guard.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Joins a group. Returns the member's number.
    pub(crate) fn join(&self, group: &str, topic: Topic) -> u64 {
        let mut state = self.state();
        state.last += 1;
        let member = state.last;
        state.members.entry((group.to_owned(), topic)).or_default().push_back(member);
        member
    }

    /// Whether the topic is this member's.
    pub(crate) fn has(&self, group: &str, topic: Topic, member: u64) -> bool {
        let state = self.state();
        let members = state.members.get(&(group.to_owned(), topic));
        members.and_then(VecDeque::front) == Some(&member)
    }

    pub(crate) fn leave(&self, group: &str, topic: Topic, member: u64) {
        let mut state = self.state();
        let key = (group.to_owned(), topic);
        if let Some(members) = state.members.get_mut(&key) {
            members.retain(|other| *other != member);
            if members.is_empty() {
                state.members.remove(&key);
            }
        }
    }
}
