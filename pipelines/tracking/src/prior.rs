//! What is known about a road user before it is measured: its size, and how it moves.

use wayside_proto::RoadUserClass;

/// A size with its standard deviation, metres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Size {
    pub mean_m: f64,
    pub sigma_m: f64,
}

/// Sizes and manoeuvres of one class.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Prior {
    pub length: Size,
    pub width: Size,
    pub height: Size,
    /// Standard deviation of the speed's change over one second, metres a second.
    pub acceleration_ms2: f64,
    /// Standard deviation of the path's curvature, 1 / metre.
    pub curvature: f64,
    /// Way over which the curvature is forgotten, metres.
    pub curvature_memory_m: f64,
    /// Standard deviation of the heading's change over one second, independent of the path,
    /// radians: people turn on the spot, vehicles do not.
    pub turn_rad: f64,
    /// Standard deviation of the speed at birth, metres a second.
    pub speed_ms: f64,
}

const fn size(mean_m: f64, sigma_m: f64) -> Size {
    Size { mean_m, sigma_m }
}

/// The prior of a class. Sizes: European fleet (passenger cars 3.6 to 5.1 m and vans to 5.5 m long,
/// city buses 10 to 13 m, goods vehicles 5.5 to 12 m).
pub(crate) fn of(class: RoadUserClass) -> Prior {
    let vehicle = Prior {
        length: size(4.4, 0.45),
        width: size(1.8, 0.12),
        height: size(1.55, 0.22),
        acceleration_ms2: 2.5,
        curvature: 0.06,
        curvature_memory_m: 8.0,
        turn_rad: 0.0,
        speed_ms: 8.0,
    };
    match class {
        RoadUserClass::Car => vehicle,
        RoadUserClass::Truck => Prior {
            length: size(6.4, 1.2),
            width: size(2.15, 0.15),
            height: size(2.6, 0.5),
            acceleration_ms2: 2.0,
            ..vehicle
        },
        RoadUserClass::Bus => Prior {
            length: size(12.0, 1.5),
            width: size(2.5, 0.1),
            height: size(3.1, 0.25),
            acceleration_ms2: 1.8,
            ..vehicle
        },
        RoadUserClass::Motorcycle => Prior {
            length: size(2.2, 0.25),
            width: size(0.8, 0.12),
            height: size(1.5, 0.2),
            acceleration_ms2: 3.0,
            curvature: 0.1,
            ..vehicle
        },
        RoadUserClass::Bicycle => Prior {
            length: size(1.75, 0.15),
            width: size(0.65, 0.1),
            height: size(1.7, 0.15),
            acceleration_ms2: 1.5,
            curvature: 0.2,
            curvature_memory_m: 4.0,
            turn_rad: 0.1,
            speed_ms: 4.0,
        },
        RoadUserClass::Person => Prior {
            length: size(0.5, 0.1),
            width: size(0.5, 0.1),
            height: size(1.7, 0.15),
            acceleration_ms2: 1.0,
            curvature: 0.5,
            curvature_memory_m: 1.0,
            turn_rad: 0.8,
            speed_ms: 1.5,
        },
    }
}

/// Groups within which a detector confuses classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    Vehicle,
    TwoWheeler,
    Person,
}

pub(crate) fn group(class: RoadUserClass) -> Group {
    match class {
        RoadUserClass::Car | RoadUserClass::Truck | RoadUserClass::Bus => Group::Vehicle,
        RoadUserClass::Motorcycle | RoadUserClass::Bicycle => Group::TwoWheeler,
        RoadUserClass::Person => Group::Person,
    }
}

/// What it costs to hold a detection of class `b` for a track of class `a`, 0 to 1; none where it
/// cannot be. A motorcycle may pass for a car (a rider before a car) and for a bicycle: were a bicycle
/// that is once seen as a motorcycle to begin a second track, that one could become the subject
/// of a violation, while the vote over one track keeps it a bicycle.
pub(crate) fn confusion_cost(a: RoadUserClass, b: RoadUserClass) -> Option<f64> {
    use RoadUserClass::Motorcycle;
    if a == b {
        return Some(0.0);
    }
    match (group(a), group(b)) {
        (x, y) if x == y => Some(0.05),
        (Group::Vehicle, Group::TwoWheeler) if b == Motorcycle => Some(0.2),
        (Group::TwoWheeler, Group::Vehicle) if a == Motorcycle => Some(0.2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_never_taken_for_vehicles() {
        for class in RoadUserClass::ALL {
            let person = confusion_cost(RoadUserClass::Person, class);
            assert_eq!(person.is_some(), class == RoadUserClass::Person, "{class:?}");
            for other in RoadUserClass::ALL {
                assert_eq!(confusion_cost(class, other), confusion_cost(other, class));
            }
        }
    }
}
