//! Links the detections of one camera to tracks on the road plane.
//!
//! A track is a cuboid that drives like a car: an iterated extended Kalman filter holds where its
//! footprint is, which way it looks, how fast and how tightly it turns, how large it is, and how
//! far the detector's boxes are off (`filter`). The measurement is the detector's box, compared
//! edge by edge with the box around the projected cuboid (`cuboid`), so that the front of a
//! vehicle that is seen from behind follows from its size, with an honest covariance.
//! `intake` says which detections can be used, `association` decides which detection belongs to which track, `lifecycle` when a track begins
//! and ends, `heading` which way a vehicle looks before it has moved, `standing` keeps a waiting
//! vehicle still, `occlusion` says which edges are hidden behind a nearer road user, `class_vote`
//! settles the class over the track, `duplicates` ends the second of two tracks of one road user,
//! `report` says what is told of a track, `tracker` puts them together.
//!
//! Two choices differ from the usual tracker of boxes. The heading is part of the state and the
//! speed is signed along it, so that a standing vehicle cannot turn or slide, and a driver against
//! the lane shows as a negative speed and is turned round. And what a detector gets wrong from frame
//! to frame alike is a state as well (a bias for each edge), so that a hundred frames of a waiting car
//! do not make its front surer than one view of it can be; a hidden edge opens its bias instead of
//! shortening the car.
//!
//! Known weakness: a road user that is hidden from its first detection on is fitted to what is seen of
//! it, and its front may be a metre or two farther ahead than its covariance says.
//!
//! Pure: the same detections in any order give the same tracks, bit for bit, on any machine of
//! one architecture. No clock, no randomness, no hash-ordered iteration.
//!
//! Deliberately absent: pixels, appearance, any embedding (PV-3), rules, and identity beyond a
//! number that is never used again.

mod association;
mod class_vote;
mod config;
mod cuboid;
mod duplicates;
mod filter;
mod heading;
mod intake;
mod lifecycle;
mod occlusion;
mod prior;
mod report;
mod standing;
mod track;
mod tracker;

#[cfg(test)]
mod scene;
#[cfg(test)]
mod scene_tests;

pub use config::TrackerConfig;
pub use intake::Dropped;
pub use tracker::Tracker;
