//! What a worker answers that cannot give a clip, in words.

use wayside_proto::{CameraId, MotorVehicleClass, OutcomeId, RunId, SiteId, TrackId};

use super::*;

const TIME: EventTime = EventTime(1_780_297_200_000_000);

fn request() -> ClipRequest {
    ClipRequest {
        violation: OutcomeId("0123456789abcdef0123456789abcdef".to_owned()),
        site: SiteId::from("junction"),
        camera: CameraId::from("north"),
        run: RunId::from("r1"),
        track: TrackId(41),
        class: MotorVehicleClass::Car,
        from: TIME,
        to: TIME.plus_s(10.0),
        subject: Vec::new(),
        moments: Vec::new(),
    }
}

#[test]
fn refusals_say_what_to_do() {
    let of = || ("junction".to_owned(), "north".to_owned());
    let ring = |error: RingError| CutError::Ring(error);
    let errors = [
        CutError::NoCamera(of().0, of().1),
        CutError::OtherRun(of().0, of().1, RunId::from("r2"), RunId::from("r1")),
        CutError::NoAnswer(of().0, of().1),
        ring(RingError::Empty),
        ring(RingError::TooOld { from: TIME, oldest: TIME.plus_s(3.0) }),
        ring(RingError::NotYet { from: TIME, newest: TIME.plus_s(-1.0) }),
        ring(RingError::Backwards { from: TIME, to: TIME.plus_s(-1.0) }),
    ];
    let said = |error: &CutError| match refused(error, &request()) {
        Refused::Failed(cause, text) => format!("{}: {text}", cause.as_str()),
        Refused::NotYet(text) => format!("not yet: {text}"),
        Refused::Busy => "busy".to_owned(),
    };
    let lines: Vec<String> = errors.iter().map(said).collect();
    insta::assert_snapshot!(lines.join("\n"));
    let busy = "one clip is being redacted and 8 wait. Ask again in some seconds.";
    assert_eq!(Refused::Busy.to_string(), busy);
}

#[test]
fn a_cutter_without_the_camera_says_so() {
    let cutter = Cutter::default();
    let got = cut(&cutter, &WorkerClock::start(), &request()).err();
    assert!(matches!(got, Some(Refused::Failed(EvidenceFailure::WorkerGone, _))), "{got:?}");
}
