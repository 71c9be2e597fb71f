//! Roles: a request acts in one that the account has, whatever it says.

use serde_json::json;
use wayside_accounts::policy::Role;

use crate::common::House;

#[test]
fn nobody_gets_a_role_by_asking_for_it() {
    let house = House::new();
    house.chief();
    let mut jo = house.signed_in("jo", &[Role::Operator, Role::Engineer]);
    assert_eq!(jo.get("/api/v1/accounts").kind(), "not-allowed");
    let evil = json!({"account": "evil", "name": "E", "roles": ["administrator"]});
    for role in ["administrator", "Administrator", "engineer", "root", "", "operator,administrator"]
    {
        jo.extra = vec![("wayside-role".to_owned(), role.to_owned())];
        for answer in [
            jo.get("/api/v1/accounts"),
            jo.post("/api/v1/accounts", &evil),
            jo.patch("/api/v1/accounts/jo", &json!({"roles": ["administrator"]})),
            jo.post("/api/v1/accounts/chief/invite", &json!({})),
        ] {
            assert!(matches!(answer.status, 400 | 403), "{role}: {}", answer.text);
        }
    }
    jo.extra.clear();
    for query in ["role=administrator", "role=operator&role=administrator", "role=%61dministrator"]
    {
        let answer = jo.get(&format!("/api/v1/accounts?{query}"));
        assert!(matches!(answer.status, 400 | 403), "{query}: {}", answer.text);
    }
    // Two headers, of which one is right.
    jo.extra =
        ["operator", "administrator"].map(|r| ("wayside-role".to_owned(), r.to_owned())).into();
    assert_eq!(jo.get("/api/v1/accounts").status, 400);
    assert_eq!(house.accounts.list().expect("accounts").len(), 2);
}

#[test]
fn an_administrator_who_acts_as_something_else_is_not_one() {
    let house = House::new();
    let mut chief = house.chief();
    chief.extra = vec![("wayside-role".to_owned(), "reviewer".to_owned())];
    assert_eq!(chief.get("/api/v1/accounts").kind(), "not-allowed");
    chief.extra = vec![("wayside-role".to_owned(), "administrator".to_owned())];
    assert_eq!(chief.get("/api/v1/accounts").status, 200);
    chief.extra.clear();
    assert_eq!(chief.get("/api/v1/accounts?role=auditor").status, 403);
    assert_eq!(chief.get("/api/v1/accounts?role=administrator").status, 200);
    assert_eq!(chief.get("/api/v1/accounts").status, 200);
    // What changes something takes no role from its address.
    let new = json!({"account": "jo", "name": "Jo", "roles": ["operator"]});
    assert_eq!(chief.post("/api/v1/accounts?role=auditor", &new).status, 201);
}

#[test]
fn nobody_gives_themselves_what_they_have_not_by_their_own_session() {
    let house = House::new();
    house.chief();
    let mut jo = house.signed_in("jo", &[Role::Operator]);
    let answer = jo.patch("/api/v1/session", &json!({"roles": ["administrator"]}));
    assert_eq!(answer.kind(), "bad-request");
    assert_eq!(jo.get("/api/v1/session").json()["roles"], json!(["operator"]));
}
