//! Behind a proxy: whose address counts.

use std::net::IpAddr;
use std::sync::Arc;

use serde_json::json;
use wayside_accounts::http::{self, HttpOptions};

use crate::common::{Browser, House, serve};

/// Without a known proxy, the header is what anybody may write.
#[test]
fn a_written_address_does_not_make_a_new_guesser() {
    let house = House::new();
    house.chief();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let router = http::router(Arc::clone(&house.accounts), HttpOptions::default());
    let addr = serve(&runtime, router);
    let statuses: Vec<u16> = (0..7)
        .map(|n| {
            let mut browser = Browser::new(addr).from(&format!("198.51.100.{n}"));
            browser.sign_in("chief", "wrong password").status
        })
        .collect();
    assert_eq!(statuses, [401, 401, 401, 401, 401, 429, 429]);
    let log = house.accounts.log(0, 100).expect("a log");
    let last = log.last().expect("an entry");
    assert_eq!(last.address.parse::<IpAddr>(), Ok(IpAddr::from([127, 0, 0, 1])));
}

#[test]
fn behind_a_proxy_its_address_is_the_one_in_the_log() {
    let house = House::new();
    house.chief();
    let mut browser = house.browser().from("203.0.113.66, 198.51.100.9");
    let wrong = json!({"account": "chief", "password": "wrong password"});
    assert_eq!(browser.post("/api/v1/session", &wrong).status, 401);
    let log = house.accounts.log(0, 100).expect("a log");
    assert_eq!(log.last().expect("an entry").address, "198.51.100.9");
}
