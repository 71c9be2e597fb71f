//! Colours. The hues are those of Okabe and Ito (Color Universal Design, 2008), which people with
//! the usual forms of colour blindness can tell apart; every line is drawn over a dark outline, so
//! that it stands out on light and dark ground.

use wayside_proto::{RoadUserClass, SignalColour};

/// Red, green, blue, opacity.
pub(crate) type Rgba = [u8; 4];

pub(crate) const ORANGE: Rgba = [230, 159, 0, 255];
pub(crate) const SKY: Rgba = [86, 180, 233, 255];

pub(crate) const YELLOW: Rgba = [240, 228, 66, 255];
pub(crate) const BLUE: Rgba = [0, 114, 178, 255];
pub(crate) const VERMILION: Rgba = [213, 94, 0, 255];
pub(crate) const PURPLE: Rgba = [204, 121, 167, 255];
pub(crate) const WHITE: Rgba = [255, 255, 255, 255];
pub(crate) const INK: Rgba = [12, 14, 18, 255];
pub(crate) const GREY: Rgba = [150, 155, 162, 255];

/// Signal colours. Their order on the lamp (red on top) tells them apart without hue.
pub(crate) const SIGNAL_RED: Rgba = [239, 62, 54, 255];
pub(crate) const SIGNAL_YELLOW: Rgba = [250, 200, 20, 255];
pub(crate) const SIGNAL_GREEN: Rgba = [38, 205, 140, 255];

/// The same colour at another opacity, 0 to 255.
pub(crate) const fn faint(colour: Rgba, opacity: u8) -> Rgba {
    [colour[0], colour[1], colour[2], opacity]
}

/// The colour of a class of road user.
pub(crate) fn of_class(class: RoadUserClass) -> Rgba {
    match class {
        RoadUserClass::Car => SKY,
        RoadUserClass::Truck => ORANGE,
        RoadUserClass::Bus => YELLOW,
        RoadUserClass::Motorcycle => PURPLE,
        RoadUserClass::Bicycle => [120, 220, 170, 255],
        RoadUserClass::Person => WHITE,
    }
}

/// The colour of a signal; grey where it is not known.
pub(crate) fn of_signal(state: Option<SignalColour>) -> Rgba {
    match state {
        Some(SignalColour::Red) => SIGNAL_RED,
        Some(SignalColour::Yellow) => SIGNAL_YELLOW,
        Some(SignalColour::Green) => SIGNAL_GREEN,
        None => GREY,
    }
}
