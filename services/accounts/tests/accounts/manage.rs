//! What administrators do.

use serde_json::json;
use wayside_accounts::policy::Role;
use wayside_accounts::{Error, commands};

use crate::common::House;

#[test]
fn accounts_are_listed_with_what_matters() {
    let house = House::new();
    let mut chief = house.chief();
    let new =
        json!({"account": "jo", "name": "Jo Roe", "roles": ["senior", "reviewer", "reviewer"]});
    let answer = chief.post("/api/v1/accounts", &new);
    assert!(
        answer.json()["invite"].as_str().is_some_and(|link| link.starts_with("/#/invite?token="))
    );
    let all = chief.get("/api/v1/accounts").json();
    assert_eq!(
        all[1],
        json!({
            "account": "jo", "name": "Jo Roe", "roles": ["reviewer", "senior"], "disabled": false,
            "last_seen": null, "passkeys": 0, "has_password": false, "provider": null,
        })
    );
    assert_eq!(all[0]["last_seen"], "2026-06-01T07:00:00.000000Z");
    insta::assert_snapshot!(commands::list(&house.accounts).expect("a list"));
}

#[test]
fn what_cannot_be_made_or_changed() {
    let house = House::new();
    let mut chief = house.chief();
    let make = |account: &str, name: &str, roles: serde_json::Value| json!({"account": account, "name": name, "roles": roles});
    for (sent, kind) in [
        (make("chief", "Other", json!(["operator"])), "account-taken"),
        (make("../chief", "Other", json!(["operator"])), "account-not-acceptable"),
        (make(&"x".repeat(65), "Other", json!(["operator"])), "account-not-acceptable"),
        (make("jo", "", json!(["operator"])), "name-not-acceptable"),
        (make("jo", "a\u{202e}b", json!(["operator"])), "name-not-acceptable"),
        (make("jo", "Jo", json!([])), "roles-not-acceptable"),
        (make("jo", "Jo", json!(["system"])), "bad-request"),
        (make("jo", "Jo", json!("operator")), "bad-request"),
        (json!({"account": "jo"}), "bad-request"),
    ] {
        assert_eq!(chief.post("/api/v1/accounts", &sent).kind(), kind, "{sent}");
    }
    assert_eq!(
        chief.patch("/api/v1/accounts/nobody", &json!({"disabled": true})).kind(),
        "not-found"
    );
    let path = "/api/v1/accounts/%2e%2e%2fchief";
    assert_eq!(chief.patch(path, &json!({"disabled": true})).kind(), "account-not-acceptable");
    assert_eq!(house.accounts.list().expect("accounts").len(), 1);
}

#[test]
fn somebody_always_looks_after_accounts() {
    let house = House::new();
    let mut chief = house.chief();
    for change in [json!({"disabled": true}), json!({"roles": ["operator"]})] {
        let answer = chief.patch("/api/v1/accounts/chief", &change);
        assert_eq!((answer.status, answer.kind().as_str()), (409, "last-administrator"));
    }
    let refused = commands::disable(&house.accounts, "chief", true, house.now());
    assert!(matches!(refused, Err(Error::LastAdministrator { .. })));
    // Nothing of it was done: the session goes on.
    assert_eq!(chief.get("/api/v1/session").json()["roles"].as_array().map(Vec::len), Some(6));
    house.account("second", &[Role::Administrator]);
    assert_eq!(chief.patch("/api/v1/accounts/chief", &json!({"disabled": true})).status, 200);
    assert_eq!(chief.get("/api/v1/session").status, 401);
    let refused = commands::roles(&house.accounts, "second", "operator", house.now());
    assert!(matches!(refused, Err(Error::LastAdministrator { .. })));
}

#[test]
fn one_changes_ones_own_name_and_language() {
    let house = House::new();
    let mut chief = house.chief();
    let answer = chief.patch("/api/v1/session", &json!({"language": "de", "name": " Zoë "}));
    assert_eq!((&answer.json()["language"], &answer.json()["name"]), (&json!("de"), &json!("Zoë")));
    assert_eq!(chief.get("/api/v1/session").json()["language"], "de");
    assert_eq!(chief.patch("/api/v1/session", &json!({"name": "Jo"})).json()["language"], "de");
    for (sent, kind) in [
        (json!({"language": "../../etc"}), "language-not-acceptable"),
        (json!({"name": "x".repeat(65)}), "name-not-acceptable"),
        (json!({"name": "a\u{200b}"}), "name-not-acceptable"),
        (json!({"account": "other"}), "bad-request"),
    ] {
        assert_eq!(chief.patch("/api/v1/session", &sent).kind(), kind, "{sent}");
    }
}

#[test]
fn names_are_data_and_never_markup() {
    let house = House::new();
    let mut chief = house.chief();
    let name = "<img src=x onerror=alert(1)>\"'`{{7*7}}";
    let answer = chief.patch("/api/v1/session", &json!({"name": name}));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(answer.json()["name"], name);
}
