//! What labels can say: closed lists, so that the number of series has a bound.

use wayside_proto::{EvidenceFailure, GapCause, VoidCause};

macro_rules! values {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The value as shown.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }

            /// The value that is shown like this.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str() == text)
            }
        }
    };
}

values!(
    /// A stage of a frame's way.
    Stage {
        /// Packets to picture.
        Decode = "decode",
        /// Waiting for a batch.
        Wait = "wait",
        /// The detector.
        Inference = "inference",
        /// Detections to tracks.
        Track = "track",
        /// Onto the bus.
        Publish = "publish",
    }
);
values!(
    /// Why a stream ended, or could not be opened.
    DisconnectCause {
        /// No way to the address.
        Unreachable = "unreachable",
        /// Nobody listens there.
        Refused = "refused",
        /// User or password is wrong.
        Unauthorised = "unauthorised",
        /// The camera has no such stream.
        NotFound = "not_found",
        /// TLS failed.
        Tls = "tls",
        /// No picture for too long.
        Silent = "silent",
        /// The camera ended the stream.
        Ended = "ended",
        /// Nothing of it could be decoded.
        Undecodable = "undecodable",
        /// A codec that is not read here.
        Unsupported = "unsupported",
        /// Codec or resolution changed.
        Changed = "changed",
        /// The site file changed, or the worker stops.
        Closed = "closed",
        /// Anything else; the log tells.
        Other = "other",
    }
);
values!(
    /// A gate of a section.
    EndLabel {
        /// By which vehicles come in.
        Entry = "entry",
        /// By which they leave.
        Exit = "exit",
    }
);
values!(
    /// Why a vehicle's passage of a gate cannot be matched.
    UnmatchableCause {
        /// Nobody had a good look at it.
        Unseen = "unseen",
        /// Its track was lost at the gate.
        Lost = "lost",
        /// Its track began right behind the gate.
        Late = "late",
        /// Nobody can say when it passed.
        Untimed = "untimed",
    }
);
values!(
    /// Why a vehicle near a gate was not looked at.
    LookRefusal {
        /// Its box is too small.
        TooSmall = "too_small",
        /// The picture's border cuts it off.
        Border = "border",
        /// Another vehicle hides a part of it.
        Hidden = "hidden",
        /// A person or a bicycle is in its box.
        Person = "person",
        /// Its class is not sure.
        UnsureClass = "unsure_class",
        /// The picture was gone.
        NoPicture = "no_picture",
        /// The model failed or refused it.
        Model = "model",
    }
);
values!(
    /// What the camera watch noticed.
    Condition {
        /// The picture no longer matches the calibration reference.
        Moved = "moved",
        /// Blurred or dirty.
        Blurred = "blurred",
        /// Too dark.
        Dark = "dark",
        /// The same picture over and over.
        Frozen = "frozen",
        /// The clock jumped, drifts, or is off.
        Clock = "clock",
        /// The picture is not of the size that the site file tells.
        Size = "size",
        /// The detector failed on it.
        Model = "model",
    }
);
values!(
    /// Whether a rule holds an event for a violation.
    VerdictLabel {
        /// Yes.
        Violation = "violation",
        /// It abstains.
        Void = "void",
    }
);
values!(
    /// Where a case of review is.
    CaseState {
        /// Waits for a first review.
        First = "first",
        /// Waits for a second one.
        Second = "second",
        /// Waits for a senior.
        Senior = "senior",
        /// Contested, waits for another review.
        Contest = "contest",
        /// With a reviewer.
        Claimed = "claimed",
        /// Sent back, waits for an engineer.
        SentBack = "sent_back",
        /// Approved, and not issued yet.
        Approved = "approved",
    }
);
values!(
    /// What a person did with a case.
    CaseAct {
        /// Claimed it.
        Claim = "claim",
        /// Approved it.
        Approve = "approve",
        /// Rejected it.
        Reject = "reject",
        /// Sent it back.
        SendBack = "send_back",
        /// Undid a decision.
        Undo = "undo",
    }
);
values!(
    /// A topic of the bus (design, section 6).
    Topic {
        /// `wayside.observations.v1`.
        Observations = "observations",
        /// `wayside.passages.v1`.
        Passages = "passages",
        /// `wayside.signals.v1`.
        Signals = "signals",
        /// `wayside.violations.v1`.
        Violations = "violations",
        /// `wayside.evidence.v1`.
        Evidence = "evidence",
        /// `wayside.citations.v1`.
        Citations = "citations",
        /// `wayside.signs.v1`.
        Signs = "signs",
        /// `wayside.health.v1`.
        Health = "health",
        /// `wayside.deadletter.v1`.
        DeadLetter = "deadletter",
        /// `wayside.traveltimes.v1`.
        TravelTimes = "traveltimes",
        /// `wayside.receipts.v1`.
        Receipts = "receipts",
        /// `wayside.standdowns.v1`.
        StandDowns = "standdowns",
    }
);
values!(
    /// An execution provider of the detector.
    Provider {
        /// Processor.
        Cpu = "cpu",
        /// NVIDIA CUDA.
        Cuda = "cuda",
        /// NVIDIA TensorRT.
        TensorRt = "tensorrt",
        /// Intel OpenVINO.
        OpenVino = "openvino",
    }
);
values!(
    /// What came of reading a site file again.
    ReloadResult {
        /// The new file is in force.
        Applied = "applied",
        /// The new file has a fault; the old one stays in force.
        Refused = "refused",
        /// Nothing in it changed that matters to the worker.
        Unchanged = "unchanged",
    }
);
values!(
    /// The numbered promises (design, section 3).
    Invariant {
        /// No unredacted pixel and no plate text leaves an ingest worker's memory.
        Pv1 = "PV-1",
        /// Nothing outlives its retention.
        Pv2 = "PV-2",
        /// No vector is computed from a person or a face.
        Pv3 = "PV-3",
        /// One real crossing yields one violation id.
        Ev1 = "EV-1",
        /// The same input gives the same bytes.
        Ev2 = "EV-2",
        /// A window with a gap yields no violation.
        Ev3 = "EV-3",
        /// A quantity carries its uncertainty.
        Ev4 = "EV-4",
        /// No citation without a human decision.
        Ct1 = "CT-1",
        /// Every sign message expires.
        Sg1 = "SG-1",
        /// What was acknowledged is never lost.
        Bu1 = "BU-1",
    }
);
values!(
    /// Parts of a worker that must be ready before it can work.
    Readiness {
        /// Every site file is read and sound.
        Sites = "sites",
        /// The detector is open.
        Model = "model",
        /// The bus takes records.
        Bus = "bus",
    }
);

/// The values of a label whose list is closed; none for names of sites, cameras, rules, sections
/// and versions.
#[must_use]
pub fn values(label: super::Label) -> Option<Vec<&'static str>> {
    use super::Label;
    fn texts<T: Copy>(all: &[T], text: impl Fn(T) -> &'static str) -> Option<Vec<&'static str>> {
        Some(all.iter().map(|value| text(*value)).collect())
    }
    match label {
        Label::Site | Label::Camera | Label::Rule | Label::Section | Label::Version => None,
        Label::End => texts(EndLabel::ALL, EndLabel::as_str),
        Label::UnmatchableCause => texts(UnmatchableCause::ALL, UnmatchableCause::as_str),
        Label::LookRefusal => texts(LookRefusal::ALL, LookRefusal::as_str),
        Label::Stage => texts(Stage::ALL, Stage::as_str),
        Label::GapCause => texts(&GapCause::ALL, GapCause::as_str),
        Label::DisconnectCause => texts(DisconnectCause::ALL, DisconnectCause::as_str),
        Label::VoidCause => texts(&VoidCause::ALL, VoidCause::as_str),
        Label::EvidenceFailure => texts(&EvidenceFailure::ALL, EvidenceFailure::as_str),
        Label::Condition => texts(Condition::ALL, Condition::as_str),
        Label::Verdict => texts(VerdictLabel::ALL, VerdictLabel::as_str),
        Label::CaseState => texts(CaseState::ALL, CaseState::as_str),
        Label::CaseAct => texts(CaseAct::ALL, CaseAct::as_str),
        Label::Topic => texts(Topic::ALL, Topic::as_str),
        Label::Provider => texts(Provider::ALL, Provider::as_str),
        Label::ReloadResult => texts(ReloadResult::ALL, ReloadResult::as_str),
        Label::Invariant => texts(Invariant::ALL, Invariant::as_str),
        Label::Item => texts(Readiness::ALL, Readiness::as_str),
    }
}
