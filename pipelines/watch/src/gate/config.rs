//! What a gate can be told.

/// Settings of a [`Gate`](crate::Gate).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GateConfig {
    /// How long a picture counts as moving after the last movement, seconds, so that a track settles.
    pub hold_s: f64,
    /// The longest time between two pictures that count as moving, seconds.
    pub look_s_max: f64,
    /// The least difference of a block's mean that can be movement, grey levels.
    pub difference_luma_min: f32,
    /// How many standard deviations of noise a difference must exceed, of the block's own and of the whole
    /// picture's.
    pub noise_factor: f32,
}

impl Default for GateConfig {
    fn default() -> Self {
        Self { hold_s: 1.0, look_s_max: 10.0, difference_luma_min: 3.0, noise_factor: 5.0 }
    }
}
