//! Requests for clips and what answers them: they come back as they went, and what breaks the contract is
//! refused with the field's name.

use wayside_proto::convert::{CLIP_REQUEST_BYTES_MAX, Message};
use wayside_proto::{
    BoxPx, CameraId, ClipRequest, EventTime, Moment, MotorVehicleClass, OutcomeId, RedactedClip,
    RedactedStill, RedactionRecord, RunId, SiteId, SubjectAt, TrackId, wire,
};

const TIME: EventTime = EventTime(1_780_297_200_000_000);

fn request() -> ClipRequest {
    let at = |n: u8| SubjectAt {
        time: TIME.plus_s(f64::from(n) * 0.2),
        box_px: BoxPx { x0: f32::from(n), y0: 2.5, x1: 100.0, y1: 80.0 },
    };
    ClipRequest {
        violation: OutcomeId("0123456789abcdef0123456789abcdef".to_owned()),
        site: SiteId::from("junction"),
        camera: CameraId::from("north"),
        run: RunId::from("2026-06-01T07:00:00.000000Z"),
        track: TrackId(41),
        class: MotorVehicleClass::Car,
        from: TIME.plus_s(-3.0),
        to: TIME.plus_s(7.0),
        subject: (0..4).map(at).collect(),
        moments: vec![
            (Moment::Before, TIME),
            (Moment::AtLine, TIME),
            (Moment::After, TIME.plus_s(1.0)),
        ],
    }
}

fn clip() -> RedactedClip {
    let jpeg = vec![0xff, 0xd8, 0xff, 0xe0];
    RedactedClip {
        violation: request().violation,
        width_px: 1280,
        height_px: 720,
        mp4: b"\0\0\0\x08ftyp".to_vec(),
        frames: vec![TIME, TIME.plus_s(0.2)],
        stills: vec![RedactedStill { moment: Moment::AtLine, time: TIME, jpeg }],
        redaction: RedactionRecord {
            method: "allow-list 1".to_owned(),
            models: vec![("centerface".to_owned(), "ab".repeat(32))],
            frames: 2,
            hidden_road_users: 7,
            hidden_faces: 1,
            hidden_movers: 12,
            hidden_share: 0.25,
            block_px: (16, 48),
        },
    }
}

#[test]
fn they_come_back_as_they_went() {
    let bytes = request().to_bytes().expect("sound");
    assert_eq!(ClipRequest::from_bytes(&bytes), Ok(request()));
    let bytes = clip().to_bytes().expect("sound");
    assert_eq!(RedactedClip::from_bytes(&bytes), Ok(clip()));
}

#[test]
fn a_clip_may_be_larger_than_what_goes_over_the_bus() {
    let mut large = clip();
    large.mp4.resize(20 << 20, 0);
    let bytes = large.to_bytes().expect("within the bound");
    assert_eq!(RedactedClip::from_bytes(&bytes), Ok(large.clone()));
    large.mp4.resize(32 << 20, 0);
    assert!(large.to_bytes().is_err());
    assert!(ClipRequest::from_bytes(&vec![0; CLIP_REQUEST_BYTES_MAX + 1]).is_err());
}

#[test]
fn a_request_that_breaks_the_contract_is_refused() {
    let refused = |change: fn(&mut wire::ClipRequest)| {
        let mut message = wire::ClipRequest::try_from(&request()).expect("sound");
        change(&mut message);
        ClipRequest::try_from(message).expect_err("refused").to_string()
    };
    let messages = [
        refused(|m| m.violation = "../../etc/passwd".to_owned()),
        refused(|m| m.camera = "a b".to_owned()),
        refused(|m| m.class = wire::RoadUserClass::Person.into()),
        refused(|m| m.to_us = m.from_us - 1),
        refused(|m| m.to_us = m.from_us + 60_000_001),
        refused(|m| m.subject = vec![m.subject[0]; 5_000]),
        refused(|m| m.subject[2].time_us = m.subject[1].time_us),
        refused(|m| m.subject[1].box_px = None),
        refused(|m| {
            m.subject[1].box_px = Some(wire::Box { x0: f32::NAN, y0: 0.0, x1: 1.0, y1: 1.0 })
        }),
        refused(|m| m.subject[1].box_px = Some(wire::Box { x0: 5.0, y0: 0.0, x1: 1.0, y1: 1.0 })),
        refused(|m| m.moments[0].moment = "later".to_owned()),
        refused(|m| m.moments[0].time_us = m.moments[2].time_us + 1),
        refused(|m| m.moments = vec![m.moments[0].clone(); 9]),
    ];
    insta::assert_snapshot!(messages.join("\n"));
}

#[test]
fn a_clip_that_breaks_the_contract_is_refused() {
    let refused = |change: fn(&mut wire::RedactedClip)| {
        let mut message = wire::RedactedClip::try_from(&clip()).expect("sound");
        change(&mut message);
        RedactedClip::try_from(message).expect_err("refused").to_string()
    };
    let messages = [
        refused(|m| m.width_px = 0),
        refused(|m| m.mp4 = b"<html>".to_vec()),
        refused(|m| m.frames_us.clear()),
        refused(|m| m.frames_us.reverse()),
        refused(|m| m.frames_us.push(i64::MAX)),
        refused(|m| m.stills[0].time_us += 1),
        refused(|m| m.stills[0].jpeg = b"GIF89a".to_vec()),
        refused(|m| m.redaction = None),
        refused(|m| m.redaction.as_mut().expect("there").frames = 1),
        refused(|m| m.redaction.as_mut().expect("there").hidden_share = f64::NAN),
        refused(|m| m.redaction.as_mut().expect("there").models[0].sha256 = vec![1; 31]),
        refused(|m| m.redaction.as_mut().expect("there").block_px_max = 1),
    ];
    insta::assert_snapshot!(messages.join("\n"));
}
