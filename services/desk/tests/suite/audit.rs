//! The audit log: nothing can be changed in it, and nothing can be changed around that unnoticed.

use wayside_cases::{Decision, Role};
use wayside_desk::{AuditProblem, Desk, DeskError};

use crate::common::{Place, actor, admit, at, claim, decide, next, reviewer, system};
use crate::on_both;

on_both!(every_act_is_in_it, the_database_refuses_changes, tampering_is_named);

/// Five cases, decided: some dozen entries.
fn filled(place: &Place) -> Desk {
    let desk = place.desk();
    for number in 0..5 {
        admit(&desk, number, at(number as f64));
        next(&desk, &reviewer("r1"), Decision::Approve, at(10.0 + number as f64));
    }
    desk.issue_due(&system(), at(1_000.0), 10).expect("issued");
    desk
}

fn every_act_is_in_it(place: &Place) {
    let desk = place.desk();
    let case = admit(&desk, 1, at(0.0));
    let claimed = claim(&desk, &reviewer("r1"), at(1.0));
    desk.view(&reviewer("r1"), &case, at(2.0)).expect("a view");
    decide(&desk, &reviewer("r1"), &case, &claimed.token, Decision::Approve, at(3.0));
    desk.issue_due(&system(), at(9_999.0), 1).expect("issued");
    let auditor = actor("a1", Role::Auditor);
    let entries = desk.audit_entries(&auditor, Some(&case), 0, 100).expect("entries");
    let told: Vec<String> = entries
        .iter()
        .map(|entry| format!("{} {} {}: {}", entry.act, entry.account, entry.role, entry.why))
        .collect();
    assert_eq!(
        &told[..4],
        [
            "admit program system: ",
            "claim r1 reviewer: ",
            "view r1 reviewer: ",
            "decide r1 reviewer: approve in the first review: approved",
        ]
    );
    assert!(told[4].starts_with("issue program system: "), "{}", told[4]);
    let summary = desk.verify_audit().expect("a sound log");
    assert_eq!(summary.entries, 5);
    assert_eq!(summary.last_hash, entries[4].hash);
    let error = desk.audit_entries(&reviewer("r1"), None, 0, 1).expect_err("a reviewer");
    assert!(error.to_string().contains("may not read the audit log"));
}

fn the_database_refuses_changes(place: &Place) {
    let desk = filled(place);
    for sql in [
        "UPDATE audit SET why = 'x' WHERE number = 3",
        "DELETE FROM audit WHERE number = 3",
        "DELETE FROM audit",
    ] {
        let error = place.tamper(sql).expect_err(sql);
        assert!(error.contains("append-only"), "{sql}: {error}");
    }
    desk.verify_audit().expect("as it was");
}

fn tampering_is_named(place: &Place) {
    let desk = filled(place);
    let entries = desk.verify_audit().expect("sound").entries;
    assert!(entries > 12, "{entries}");
    place.disarm();
    let problem = |wanted: u64| match desk.verify_audit() {
        Err(DeskError::Audit(error)) => {
            assert_eq!(error.at, wanted, "{error}");
            error.problem
        }
        other => panic!("{other:?}"),
    };
    for (column, value) in [
        ("why", "'x'"),
        ("account", "'r9'"),
        ("role", "'senior'"),
        ("act", "'view'"),
        ("case_id", "'x'"),
        ("at_us", "at_us + 1"),
    ] {
        place.tamper("CREATE TABLE kept AS SELECT * FROM audit").expect("a copy");
        place
            .tamper(&format!("UPDATE audit SET {column} = {value} WHERE number = 4"))
            .expect("done");
        assert!(matches!(problem(4), AuditProblem::Changed { .. }), "{column}");
        place
            .tamper("DELETE FROM audit; INSERT INTO audit SELECT * FROM kept; DROP TABLE kept")
            .expect("back");
    }
    desk.verify_audit().expect("as it was");
    place.tamper("CREATE TABLE kept AS SELECT * FROM audit").expect("a copy");
    place.tamper("DELETE FROM audit WHERE number = 7").expect("done");
    assert_eq!(problem(7), AuditProblem::Missing { found: 8 });
    // Closed up: the entry that follows was written after another one.
    place.tamper("UPDATE audit SET number = number - 1 WHERE number > 7").expect("done");
    assert!(matches!(problem(7), AuditProblem::Changed { .. }));
    place
        .tamper("DELETE FROM audit; INSERT INTO audit SELECT * FROM kept; DROP TABLE kept")
        .expect("back");
    place.tamper(&format!("DELETE FROM audit WHERE number = {}", entries - 1)).expect("cut");
    assert_eq!(problem(entries - 1), AuditProblem::End { head: entries });
}
