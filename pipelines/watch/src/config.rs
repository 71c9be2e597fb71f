//! What a watch can be told.

/// Settings of a [`Watch`](crate::Watch). A condition begins when its `enter` value is reached for its
/// `enter_s`, and ends when its `leave` value is reached for its `leave_s`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WatchConfig {
    /// Time between two pictures that are examined, seconds.
    pub look_s: f64,
    /// How long a reference is learnt when none is given, seconds.
    pub learn_s: f64,
    /// Displacement that counts as moved, as a share of the picture's width.
    pub moved_width_share_enter: f64,
    /// Displacement that counts as back in place, as a share of the picture's width.
    pub moved_width_share_leave: f64,
    /// How long moved before it counts, seconds.
    pub moved_enter_s: f64,
    /// How long back in place before it counts, seconds.
    pub moved_leave_s: f64,
    /// How long a picture that resembles the reference nowhere must last to count as moved, seconds.
    pub unlike_enter_s: f64,
    /// Share of a block's gradient energy below which its detail counts as lost.
    pub blurred_energy_share_min: f64,
    /// Share of the textured blocks without detail that counts as blurred.
    pub blurred_blocks_share_enter: f64,
    /// Share of the textured blocks without detail that counts as clear.
    pub blurred_blocks_share_leave: f64,
    /// How long blurred before it counts, seconds.
    pub blurred_enter_s: f64,
    /// How long clear before it counts, seconds.
    pub blurred_leave_s: f64,
    /// Mean luma below which a picture can be dark, grey levels (16 is black).
    pub dark_mean_luma_enter: f64,
    /// Mean luma from which a picture is bright, grey levels.
    pub dark_mean_luma_leave: f64,
    /// Spread of luma (10th to 90th percentile) below which a picture can be dark, grey levels.
    pub dark_spread_luma_enter: f64,
    /// Spread of luma from which a picture shows enough, grey levels.
    pub dark_spread_luma_leave: f64,
    /// How long dark before it counts, seconds.
    pub dark_enter_s: f64,
    /// How long bright before it counts, seconds.
    pub dark_leave_s: f64,
    /// How long the picture must stay the same to count as frozen, seconds.
    pub frozen_s_min: f64,
    /// How long it must change before it counts as running, seconds.
    pub frozen_leave_s: f64,
}

impl Default for WatchConfig {
    fn default() -> Self {
        Self {
            look_s: 1.0,
            learn_s: 20.0,
            moved_width_share_enter: 0.007,
            moved_width_share_leave: 0.0035,
            moved_enter_s: 8.0,
            moved_leave_s: 8.0,
            unlike_enter_s: 60.0,
            blurred_energy_share_min: 0.3,
            blurred_blocks_share_enter: 0.25,
            blurred_blocks_share_leave: 0.15,
            blurred_enter_s: 30.0,
            blurred_leave_s: 10.0,
            dark_mean_luma_enter: 36.0,
            dark_mean_luma_leave: 42.0,
            dark_spread_luma_enter: 20.0,
            dark_spread_luma_leave: 26.0,
            dark_enter_s: 10.0,
            dark_leave_s: 10.0,
            frozen_s_min: 30.0,
            frozen_leave_s: 2.0,
        }
    }
}
