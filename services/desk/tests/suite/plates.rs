//! Plates: encrypted, read for a purpose that is on record, and nowhere else.

use wayside_cases::{Decision, Role};
use wayside_desk::{Desk, DeskError, Step};
use wayside_plates::leak::assert_no_plate;
use wayside_plates::{Plate, Purpose};
use wayside_proto::Citation;

use crate::common::{
    Place, REJECT, actor, admit, at, claim, plate, reviewer, senior, system, ticketing,
};
use crate::on_both;

on_both!(
    a_plate_is_handed_out_for_a_purpose,
    an_approval_needs_one_where_asked,
    two_readings_that_differ_need_a_senior,
    a_plate_has_no_place_in_a_text,
    no_file_and_no_message_has_it,
);

const TEXT: &str = "W 48151 ZX";

fn approve(desk: &Desk, who: &wayside_cases::Actor, read: &str, when: f64) -> Step {
    let claimed = claim(desk, who, at(when));
    let (decision, plate) = (Decision::Approve, plate(read));
    desk.decide(who, &claimed.case, &claimed.token, decision, Some(&plate), "clear", at(when))
        .expect("decided")
        .step
}

fn issued(desk: &Desk) -> Citation {
    admit(desk, 1, at(0.0));
    approve(desk, &reviewer("r1"), TEXT, 1.0);
    desk.issue_due(&system(), at(601.0), 10).expect("issued").remove(0)
}

fn text(plate: &Plate) -> &str {
    plate.expose(Purpose::LeakTest)
}

fn a_plate_is_handed_out_for_a_purpose(place: &Place) {
    let desk = place.desk();
    let citation = issued(&desk);
    let purpose = Purpose::HandToTicketing;
    let read = desk.plate(&ticketing(), &citation.id, purpose, at(602.0)).expect("a plate");
    assert_eq!(text(&read), "W48151ZX");
    let auditor = actor("a1", Role::Auditor);
    desk.plate(&auditor, &citation.id, purpose, at(603.0)).expect_err("an auditor reads no plates");
    let entries = desk.audit_entries(&auditor, None, 0, 100).expect("entries");
    let last = entries.last().expect("an entry");
    assert_eq!(
        (last.act.as_str(), last.account.as_str(), last.why.as_str()),
        ("plate", "tickets", "hand_to_ticketing")
    );
    let blind = place.desk_with(|options| options.vault = None);
    let error = blind.plate(&ticketing(), &citation.id, purpose, at(604.0)).expect_err("no keys");
    assert!(matches!(error, DeskError::NoVault));
}

fn an_approval_needs_one_where_asked(place: &Place) {
    let desk = place.desk_with(|options| options.policy.plate_required = true);
    let case = admit(&desk, 1, at(0.0));
    let r1 = reviewer("r1");
    let claimed = claim(&desk, &r1, at(1.0));
    let error = desk
        .decide(&r1, &case, &claimed.token, Decision::Approve, None, "", at(2.0))
        .expect_err("no plate");
    insta::allow_duplicates! { insta::assert_snapshot!(error, @"an approval needs the plate that the reviewer has read; reject as plate_not_legible where none can be"); }
    desk.decide(&r1, &case, &claimed.token, REJECT, None, "", at(3.0)).expect("none is needed");
}

fn two_readings_that_differ_need_a_senior(place: &Place) {
    let desk = place.desk_with(|options| options.policy.second_share = 1.0);
    admit(&desk, 1, at(0.0));
    approve(&desk, &reviewer("r1"), "W 48151 ZX", 1.0);
    assert_eq!(approve(&desk, &reviewer("r2"), "W 48151 ZY", 2.0), Step::SeniorReview);
    approve(&desk, &senior("s1"), "w-48151-zy", 3.0);
    let citation = desk.issue_due(&system(), at(9_999.0), 10).expect("issued").remove(0);
    let purpose = Purpose::HandToTicketing;
    let read = desk.plate(&ticketing(), &citation.id, purpose, at(9_999.0)).expect("a plate");
    assert_eq!(text(&read), "W48151ZY", "the senior's reading counts");
}

fn a_plate_has_no_place_in_a_text(place: &Place) {
    let desk = place.desk();
    let case = admit(&desk, 1, at(0.0));
    let r1 = reviewer("r1");
    let claimed = claim(&desk, &r1, at(1.0));
    let read = plate(TEXT);
    let note = "plate w-48151.zx, clear";
    let error = desk
        .decide(&r1, &case, &claimed.token, Decision::Approve, Some(&read), note, at(2.0))
        .expect_err("in the note");
    assert!(error.to_string().starts_with("the note contains the plate"), "{error}");
}

fn no_file_and_no_message_has_it(place: &Place) {
    let desk = place.desk();
    let citation = issued(&desk);
    let read = plate(TEXT);
    let auditor = actor("a1", Role::Auditor);
    let mut said = format!("{citation:?} {desk:?}");
    said += &format!("{:?}", desk.audit_entries(&auditor, None, 0, 1_000).expect("entries"));
    assert_no_plate("what the desk says", said.as_bytes(), &read);
    for record in desk.outbox_take(&system(), at(603.0), 10).expect("records") {
        assert_no_plate("the outbox", &record.payload, &read);
    }
    for file in place.files() {
        let bytes = std::fs::read(&file).expect("a file");
        assert_no_plate(&file.display().to_string(), &bytes, &read);
    }
}
