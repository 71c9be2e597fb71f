//! A decoded picture: is the camera in order, has anything moved?

use wayside_picture::Picture;
use wayside_proto::{EventTime, GapCause};
use wayside_watch::{Condition, Motion};

use super::{Camera, SLOTS_MAX};
use crate::action::Action;
use crate::decoding::Entry;
use crate::now::Now;
use crate::queue::{Slot, Ticket};

impl Camera {
    /// A picture has come out of the decoder.
    pub fn picture(&mut self, rtp: i64, picture: Picture, now: Now) {
        let (before, entry) = self.decoding.out(rtp);
        for entry in before {
            self.give_up(entry, now.mono_us);
        }
        // What nobody saw arrive, or was given up long ago, is counted already.
        let Some(entry) = entry else { return };
        self.in_hand = true;
        self.link.picture(now.mono_us);
        self.judge(entry, picture, now);
        self.drain(now, false);
    }

    /// Decides what becomes of a picture.
    fn judge(&mut self, entry: Entry, picture: Picture, now: Now) {
        let stamp = entry.stamp;
        self.rate.frame(stamp.time);
        if self.last.is_some_and(|last| stamp.time <= last) {
            // Time ran backwards, or did not run: the camera's clock was set.
            self.push_frame_gap(stamp.time, GapCause::StoodDown, now);
            return;
        }
        self.come_back(stamp.time, now);
        self.check(&picture, stamp.time, now);
        if self.watch.active().next().is_some() {
            self.push_frame_gap(stamp.time, GapCause::StoodDown, now);
            self.forget_reference();
        } else if self.queue.len() >= SLOTS_MAX {
            self.push_frame_gap(stamp.time, GapCause::Overload, now);
        } else if self.is_still(&picture, stamp.time) {
            self.push_frame(stamp.time, Slot::Still { stamp, arrived_us: entry.arrived_us });
            self.actions.push(Action::Still { picture, time: stamp.time });
        } else {
            let ticket = Ticket(self.next_ticket);
            self.next_ticket += 1;
            let arrived_us = entry.arrived_us;
            self.push_frame(stamp.time, Slot::Detecting { ticket, stamp, arrived_us });
            self.actions.push(Action::Detect { ticket, picture, time: stamp.time });
        }
    }

    fn push_frame(&mut self, time: EventTime, slot: Slot) {
        self.in_hand = false;
        self.last = Some(time);
        self.queue.push(slot);
    }

    fn push_frame_gap(&mut self, time: EventTime, cause: GapCause, now: Now) {
        self.in_hand = false;
        self.push_gap(time, time, cause, 1, now.mono_us);
    }

    fn check(&mut self, picture: &Picture, time: EventTime, now: Now) {
        let (width, height) = self.config.size_px;
        // A calibration of an odd size is of the same picture: its last column or row is cut off.
        if (width & !1, height & !1) == (picture.width & !1, picture.height & !1) {
            let change = self.watch.clear(Condition::Size, time);
            self.changed(change, now);
            let changes = self.watch.see(time, picture);
            self.changed(changes, now);
        } else {
            let text = format!(
                "the picture is {}x{}, the calibration is for {width}x{height}; set the camera's stream back, or calibrate again",
                picture.width, picture.height
            );
            let change = self.watch.set(Condition::Size, text, time);
            self.changed(change, now);
        }
    }

    fn is_still(&mut self, picture: &Picture, time: EventTime) -> bool {
        let Some(gate) = &mut self.gate else { return false };
        if gate.look(time, picture) == Motion::Still {
            return true;
        }
        gate.accept(picture);
        false
    }
}
