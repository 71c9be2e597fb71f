//! The labels a metric can have.

/// A label; the order is the one in which labels are shown. Several may share a name on the page (`cause`) and still not be mixed up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Label {
    /// Junction.
    Site,
    /// Camera, unique within its site.
    Camera,
    /// Rule of the site file.
    Rule,
    /// Section of road.
    Section,
    /// Entry or exit of a section.
    End,
    /// Stage of a frame's way.
    Stage,
    /// Why frames were not looked at.
    GapCause,
    /// Why a stream ended.
    DisconnectCause,
    /// Why a rule abstained.
    VoidCause,
    /// Why a violation has no evidence package.
    EvidenceFailure,
    /// Why a passage cannot be matched.
    UnmatchableCause,
    /// Why a vehicle was not looked at.
    LookRefusal,
    /// What the camera watch noticed.
    Condition,
    /// Violation or void.
    Verdict,
    /// Where a case is.
    CaseState,
    /// What a person did with a case.
    CaseAct,
    /// Topic of the bus.
    Topic,
    /// Execution provider.
    Provider,
    /// What came of reading a site file again.
    ReloadResult,
    /// Numbered promise.
    Invariant,
    /// Part of the worker that must be ready.
    Item,
    /// Version of the program.
    Version,
}

impl Label {
    /// Name on the page.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Site => "site",
            Self::Camera => "camera",
            Self::Section => "section",
            Self::End => "end",
            Self::Stage => "stage",
            Self::GapCause
            | Self::DisconnectCause
            | Self::VoidCause
            | Self::EvidenceFailure
            | Self::UnmatchableCause
            | Self::LookRefusal => "cause",
            Self::Condition => "condition",
            Self::Rule => "rule",
            Self::Verdict => "verdict",
            Self::CaseState => "state",
            Self::CaseAct => "act",
            Self::Topic => "topic",
            Self::Provider => "provider",
            Self::ReloadResult => "result",
            Self::Invariant => "id",
            Self::Item => "item",
            Self::Version => "version",
        }
    }
}
