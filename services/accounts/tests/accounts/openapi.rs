//! The description of the API is the one in the repository.

use crate::common::House;

#[test]
fn the_description_is_the_file() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
    let now = wayside_accounts::http::openapi_json();
    if std::env::var_os("WAYSIDE_WRITE_OPENAPI").is_some() {
        std::fs::write(path, &now).expect("written");
    }
    let file = std::fs::read_to_string(path).expect("services/accounts/openapi.json");
    assert!(now == file, "the API has changed: WAYSIDE_WRITE_OPENAPI=1 writes openapi.json anew");
}

#[test]
fn it_is_served() {
    let house = House::new();
    let answer = house.browser().get("/api/v1/openapi.json");
    assert_eq!(answer.text, wayside_accounts::http::openapi_json());
}

/// Each route of the contract is there.
#[test]
fn every_route_is_described() {
    let json: serde_json::Value =
        serde_json::from_str(&wayside_accounts::http::openapi_json()).expect("JSON");
    let mut routes: Vec<String> = Vec::new();
    for (path, methods) in json["paths"].as_object().expect("paths") {
        let methods = methods.as_object().expect("methods").keys();
        routes.extend(methods.map(|method| format!("{} {path}", method.to_uppercase())));
    }
    routes.sort();
    insta::assert_snapshot!(routes.join("\n"));
}
