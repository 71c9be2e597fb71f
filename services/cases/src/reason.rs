//! Why a case is rejected, or a citation withdrawn: a fixed list, so that it can be counted.

use std::fmt;

/// A reason of rejection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The vehicle did not do what the rule says: it did not cross the line, enter, turn or stand.
    VehicleDidNotCross,
    /// The signal was not red.
    SignalNotRed,
    /// The evidence marks another vehicle than the one that did it.
    WrongVehicle,
    /// The subject is a bicycle, a person or a thing.
    NotAMotorVehicle,
    /// A measured quantity cannot be right.
    MeasurementImplausible,
    /// The lines drawn into the picture do not lie on the road's.
    Calibration,
    /// The pictures do not show enough.
    EvidenceUnclear,
    /// An emergency vehicle on duty.
    EmergencyVehicle,
    /// Police or works directed the traffic.
    DirectedByPolice,
    /// The plate cannot be read.
    PlateNotLegible,
    /// There is no package, and there will be none.
    EvidenceFailed,
}

impl Reason {
    /// Every reason, in the order of declaration.
    pub const ALL: [Self; 11] = [
        Self::VehicleDidNotCross,
        Self::SignalNotRed,
        Self::WrongVehicle,
        Self::NotAMotorVehicle,
        Self::MeasurementImplausible,
        Self::Calibration,
        Self::EvidenceUnclear,
        Self::EmergencyVehicle,
        Self::DirectedByPolice,
        Self::PlateNotLegible,
        Self::EvidenceFailed,
    ];

    /// The reason's name in messages and the ledger.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::VehicleDidNotCross => "vehicle_did_not_cross",
            Self::SignalNotRed => "signal_not_red",
            Self::WrongVehicle => "wrong_vehicle",
            Self::NotAMotorVehicle => "not_a_motor_vehicle",
            Self::MeasurementImplausible => "measurement_implausible",
            Self::Calibration => "calibration",
            Self::EvidenceUnclear => "evidence_unclear",
            Self::EmergencyVehicle => "emergency_vehicle",
            Self::DirectedByPolice => "directed_by_police",
            Self::PlateNotLegible => "plate_not_legible",
            Self::EvidenceFailed => "evidence_failed",
        }
    }

    /// The reason with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == name)
    }

    /// One sentence for a person.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::VehicleDidNotCross => "The vehicle did not do what the rule says.",
            Self::SignalNotRed => "The signal was not red.",
            Self::WrongVehicle => "The marked vehicle is not the one that did it.",
            Self::NotAMotorVehicle => "The subject is not a motor vehicle.",
            Self::MeasurementImplausible => "A measured value cannot be right.",
            Self::Calibration => "The drawn lines do not lie on those of the road.",
            Self::EvidenceUnclear => "The pictures do not show enough to decide.",
            Self::EmergencyVehicle => "It is an emergency vehicle on duty.",
            Self::DirectedByPolice => "Police or works directed the traffic.",
            Self::PlateNotLegible => "The plate cannot be read.",
            Self::EvidenceFailed => "There is no evidence package.",
        }
    }

    /// Whether the rule, its camera or its calibration was wrong: these count in the error ledger. The
    /// others say nothing against the rule.
    #[must_use]
    pub fn is_error_of_the_rule(self) -> bool {
        match self {
            Self::VehicleDidNotCross
            | Self::SignalNotRed
            | Self::WrongVehicle
            | Self::NotAMotorVehicle
            | Self::MeasurementImplausible
            | Self::Calibration => true,
            Self::EvidenceUnclear
            | Self::EmergencyVehicle
            | Self::DirectedByPolice
            | Self::PlateNotLegible
            | Self::EvidenceFailed => false,
        }
    }

    /// Whether a reviewer may choose it. The evidence service alone says that evidence failed.
    #[must_use]
    pub fn is_for_reviewers(self) -> bool {
        self != Self::EvidenceFailed
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
