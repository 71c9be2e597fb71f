//! The log: who signed in, and that nobody can change it unseen.

use rusqlite::Connection;
use serde_json::json;
use wayside_accounts::policy::Role;

use crate::common::{House, PASSWORD};

fn eventful() -> House {
    let house = House::new();
    let mut chief = house.chief();
    let mut jo = house.signed_in("jo", &[Role::Operator]);
    house.pass_s(1.0);
    house.browser().sign_in("jo", "wrong password");
    house.browser().sign_in("nobody", "wrong password");
    jo.delete("/api/v1/session");
    chief.patch("/api/v1/accounts/jo", &json!({"roles": ["operator", "auditor"]}));
    chief.patch("/api/v1/accounts/jo", &json!({"disabled": true}));
    house.browser().sign_in("jo", PASSWORD);
    let change = json!({"old": PASSWORD, "new": "another long one"});
    chief.post("/api/v1/session/password", &change);
    house
}

#[test]
fn everything_stands_in_the_log_and_no_secret() {
    let house = eventful();
    let log = house.accounts.log(0, 1_000).expect("a log");
    let lines: Vec<String> = log
        .iter()
        .map(|e| {
            format!(
                "{} {} {:?} {:?} how={:?} actor={:?} from={} {:?}",
                e.number, e.at, e.act, e.account, e.how, e.actor, e.address, e.why
            )
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
    let summary = house.accounts.verify_log().expect("sound");
    assert_eq!(summary.entries, log.len() as u64);
    assert_eq!(summary.last_hash, log.last().expect("an entry").hash);
}

#[test]
fn what_is_written_cannot_be_changed_or_removed() {
    let house = eventful();
    let file = Connection::open(house.dir.path().join("accounts.db")).expect("a file");
    for sql in ["UPDATE sign_ins SET account = 'x'", "DELETE FROM sign_ins WHERE number = 3"] {
        let refused = file.execute(sql, []).expect_err("refused").to_string();
        assert!(refused.contains("append-only"), "{refused}");
    }
}

/// Whoever removes the guards first leaves a chain that does not hold.
#[test]
fn whoever_changes_it_all_the_same_is_seen() {
    for (sql, at) in [
        ("UPDATE sign_ins SET act = 'sign-out' WHERE number = 6", 6),
        ("UPDATE sign_ins SET account = 'x' WHERE number = 0", 0),
        ("DELETE FROM sign_ins WHERE number = 4", 4),
        ("DELETE FROM sign_ins WHERE number >= 5", 5),
    ] {
        let house = eventful();
        let file = Connection::open(house.dir.path().join("accounts.db")).expect("a file");
        file.execute_batch("DROP TRIGGER sign_ins_no_update; DROP TRIGGER sign_ins_no_delete")
            .expect("without guards");
        file.execute(sql, []).expect("changed");
        let error = house.accounts.verify_log().expect_err("seen");
        let wayside_accounts::Error::Log(error) = error else { panic!("{error}") };
        assert_eq!(error.at, at, "{sql}: {error}");
    }
}
