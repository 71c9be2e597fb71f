//! What kind of city.

use wayside_proto::EventTime;

/// Cameras of a city.
pub const CAMERAS_MAX: u32 = 1_000_000;
/// Frames a second.
pub const FPS_MAX: u32 = 60;

/// What kind of city.
#[derive(Clone, Debug, PartialEq)]
pub struct CityOptions {
    /// Everything follows from it.
    pub seed: u64,
    /// Cameras, 1 to [`CAMERAS_MAX`]; four share a site.
    pub cameras: u32,
    /// Event time of the beginning.
    pub start: EventTime,
    /// Frames a second of each camera, 1 to [`FPS_MAX`].
    pub fps: u32,
    /// Share of the drivers who are set on breaking a rule, 0 to 1. Not each finds the occasion.
    pub offenders: f64,
    /// Gaps of each camera an hour, 0 to 360; each lasts 0.5 to 5 s.
    pub gaps_per_hour: f64,
}

impl Default for CityOptions {
    /// Twenty cameras at five frames a second from 2026-06-01T07:00:00Z on.
    fn default() -> Self {
        Self {
            seed: 1,
            cameras: 20,
            start: EventTime(1_780_297_200_000_000),
            fps: 5,
            offenders: 0.06,
            gaps_per_hour: 0.0,
        }
    }
}

/// An option that has no meaning.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{option} is {value}; it can be {range}")]
pub struct OptionsError {
    /// Name of the option.
    pub option: &'static str,
    /// Its value.
    pub value: String,
    /// What it can be.
    pub range: String,
}

impl CityOptions {
    /// Checks each option.
    ///
    /// # Errors
    /// The first that lies outside its range.
    pub fn check(&self) -> Result<(), OptionsError> {
        let wrong =
            |option, value: String, range: String| Err(OptionsError { option, value, range });
        if !(1..=CAMERAS_MAX).contains(&self.cameras) {
            return wrong("cameras", self.cameras.to_string(), format!("1 to {CAMERAS_MAX}"));
        }
        if !(1..=FPS_MAX).contains(&self.fps) {
            return wrong("fps", self.fps.to_string(), format!("1 to {FPS_MAX}"));
        }
        if !(0.0..=1.0).contains(&self.offenders) {
            return wrong("offenders", self.offenders.to_string(), "0 to 1".to_owned());
        }
        if !(0.0..=360.0).contains(&self.gaps_per_hour) {
            return wrong("gaps_per_hour", self.gaps_per_hour.to_string(), "0 to 360".to_owned());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_sound_and_begins_when_it_says() {
        let options = CityOptions::default();
        assert_eq!(options.check(), Ok(()));
        assert_eq!(options.start.to_string(), "2026-06-01T07:00:00.000000Z");
    }

    #[test]
    fn nonsense_is_refused_by_name() {
        let good = CityOptions::default;
        for (options, text) in [
            (CityOptions { cameras: 0, ..good() }, "cameras is 0; it can be 1 to 1000000"),
            (CityOptions { fps: 61, ..good() }, "fps is 61; it can be 1 to 60"),
            (CityOptions { offenders: 1.5, ..good() }, "offenders is 1.5; it can be 0 to 1"),
            (
                CityOptions { gaps_per_hour: f64::NAN, ..good() },
                "gaps_per_hour is NaN; it can be 0 to 360",
            ),
        ] {
            assert_eq!(options.check().map_err(|error| error.to_string()), Err(text.to_owned()));
        }
    }
}
