//! OpenID Connect, over the wire, against a provider with real signatures.

use serde_json::json;
use wayside_accounts::policy::Role;

use crate::common::provider::{Provider, Wrong};
use crate::common::{Answer, Browser, House, NOON, PASSWORD, PUBLIC};

fn house(provider: &Provider) -> House {
    let settings = provider.settings();
    House::with(PUBLIC, |options| options.providers = vec![settings])
}

fn started() -> (Provider, House) {
    let provider = Provider::start(NOON.0 / 1_000_000);
    let house = house(&provider);
    (provider, house)
}

/// Out, and to the address that the provider sends the browser back to.
fn out(provider: &Provider, browser: &mut Browser) -> String {
    let answer = browser.get("/api/v1/oidc/city/start");
    assert_eq!(answer.status, 302, "{}", answer.text);
    let cookie = answer.header("set-cookie").expect("a cookie");
    assert!(cookie.contains("SameSite=Lax") && cookie.contains("HttpOnly"), "{cookie}");
    provider.sign_in(answer.header("location").expect("an address"))
}

fn back(browser: &mut Browser, query: &str) -> Answer {
    browser.get(&format!("/api/v1/oidc/city/back?{query}"))
}

fn sign_in(provider: &Provider, browser: &mut Browser) -> Answer {
    let query = out(provider, browser);
    back(browser, &query)
}

/// Where somebody is sent to who is not signed in, and that they are not.
fn refused(house: &House, answer: &Answer, browser: &mut Browser) -> String {
    assert_eq!(answer.status, 302, "{}", answer.text);
    assert!(browser.session().is_empty());
    assert_eq!(browser.get("/api/v1/session").status, 401);
    let log = house.accounts.log(0, 1_000).expect("a log");
    assert_eq!(log.last().expect("an entry").act, "failed");
    let to = answer.header("location").expect("an address");
    to.strip_prefix("/#/signin?problem=").expect("the sign-in page").to_owned()
}

#[test]
fn a_sign_in_makes_an_account_with_the_roles_of_the_claims() {
    let (provider, house) = started();
    let mut browser = house.browser();
    assert_eq!(browser.get("/api/v1/oidc").json(), json!([{"id": "city", "name": "City sign-in"}]));
    let answer = sign_in(&provider, &mut browser);
    assert_eq!((answer.status, answer.header("location")), (302, Some("/")));
    assert!(answer.all("set-cookie").iter().any(|line| line.contains("SameSite=Strict")));
    let session = browser.get("/api/v1/session").json();
    assert_eq!(session["account"], "jane.roe");
    assert_eq!((&session["name"], &session["roles"]), (&json!("Jane Roe"), &json!(["reviewer"])));
    let own = browser.get("/api/v1/sessions").json();
    assert_eq!((&own[0]["how"], &own[0]["provider"]), (&json!("oidc"), &json!("city")));
    // The same person again, with other roles: the same account, and its other sessions have ended.
    provider.set(|known| known.claims["groups"] = json!(["wayside-admin"]));
    let mut elsewhere = house.browser();
    assert_eq!(sign_in(&provider, &mut elsewhere).header("location"), Some("/"));
    let session = elsewhere.get("/api/v1/session").json();
    assert_eq!(session["roles"], json!(["auditor", "administrator"]));
    assert_eq!(browser.get("/api/v1/session").status, 401);
    let all = elsewhere.get("/api/v1/accounts").json();
    assert_eq!(all.as_array().map(Vec::len), Some(1));
    assert_eq!((&all[0]["provider"], &all[0]["has_password"]), (&json!("city"), &json!(false)));
    // Once is enough to ask what the provider is.
    assert_eq!(provider.known.lock().expect("known").discovered, 1);
}

#[test]
fn an_id_token_that_does_not_hold_signs_nobody_in() {
    let (provider, house) = started();
    for wrong in [
        Wrong::Nonce,
        Wrong::Audience,
        Wrong::Issuer,
        Wrong::Expired,
        Wrong::NotYet,
        Wrong::Signature,
        Wrong::Unsigned,
        Wrong::Hs256,
        Wrong::NoToken,
    ] {
        provider.set(|known| known.wrong = wrong);
        let mut browser = house.browser();
        let answer = sign_in(&provider, &mut browser);
        assert_eq!(refused(&house, &answer, &mut browser), "provider-token", "{wrong:?}");
    }
    assert!(house.accounts.list().expect("accounts").is_empty());
}

#[test]
fn the_way_back_fits_the_way_out_of_the_same_browser_alone() {
    let (provider, house) = started();
    let mut browser = house.browser();
    let query = out(&provider, &mut browser);
    let code = query.split('&').next().expect("a code").to_owned();
    // Another state, none, one of nobody.
    for odd in [code.clone(), format!("{code}&state="), format!("{code}&state={}", "x".repeat(43))]
    {
        let answer = back(&mut browser, &odd);
        assert_eq!(refused(&house, &answer, &mut browser), "provider-state", "{odd}");
        // The cookie is used up with the try.
        assert!(!browser.cookies.contains_key("wayside_oidc"));
    }
    // Sign-in as somebody else: the attacker's code and state in the victim's browser.
    let mut attacker = house.browser();
    let planted = out(&provider, &mut attacker);
    let mut victim = house.browser();
    let answer = back(&mut victim, &planted);
    assert_eq!(refused(&house, &answer, &mut victim), "provider-state");
    let mut victim = house.browser();
    out(&provider, &mut victim);
    let answer = back(&mut victim, &planted);
    assert_eq!(refused(&house, &answer, &mut victim), "provider-state");
    // What was taken up is gone, for the attacker too.
    let answer = back(&mut attacker, &planted);
    assert_eq!(refused(&house, &answer, &mut attacker), "provider-state");
}

#[test]
fn a_way_back_works_once_and_in_time() {
    let (provider, house) = started();
    let mut browser = house.browser();
    let query = out(&provider, &mut browser);
    let cookie = browser.cookies["wayside_oidc"].clone();
    assert_eq!(back(&mut browser, &query).header("location"), Some("/"));
    let mut again = house.browser();
    again.cookies.insert("wayside_oidc".to_owned(), cookie);
    let answer = back(&mut again, &query);
    assert_eq!(refused(&house, &answer, &mut again), "provider-state");
    let mut late = house.browser();
    let query = out(&provider, &mut late);
    house.pass_s(601.0);
    let answer = back(&mut late, &query);
    assert_eq!(refused(&house, &answer, &mut late), "provider-state");
}

#[test]
fn a_provider_that_says_no_or_sends_another_code() {
    let (provider, house) = started();
    let mut browser = house.browser();
    let query = out(&provider, &mut browser);
    let state = query.split('&').nth(1).expect("a state").to_owned();
    let answer = back(&mut browser, &format!("error=access_denied%0d%0aX-Evil:%201&{state}"));
    assert!(answer.header("x-evil").is_none());
    assert_eq!(refused(&house, &answer, &mut browser), "provider-refused");
    for code in ["code=none", "code=", &format!("code={}", "x".repeat(5_000))] {
        let query = out(&provider, &mut browser);
        let state = query.split('&').nth(1).expect("a state").to_owned();
        let answer = back(&mut browser, &format!("{code}&{state}"));
        assert_eq!(refused(&house, &answer, &mut browser), "provider-refused", "{code:.20}");
    }
    // From another issuer (RFC 9207).
    let query = out(&provider, &mut browser);
    let answer = back(&mut browser, &format!("{query}&iss=https%3A%2F%2Fevil.example"));
    assert_eq!(refused(&house, &answer, &mut browser), "provider-state");
    assert_eq!(browser.get("/api/v1/oidc/none/start").kind(), "not-found");
    assert_eq!(browser.get("/api/v1/oidc/none/back?code=x&state=y").kind(), "not-found");
}

#[test]
fn without_a_role_there_is_no_account_and_who_loses_the_last_is_out() {
    let (provider, house) = started();
    provider.set(|known| known.claims["groups"] = json!(["staff", "administrator"]));
    let mut browser = house.browser();
    let answer = sign_in(&provider, &mut browser);
    assert_eq!(refused(&house, &answer, &mut browser), "provider-no-role");
    assert!(house.accounts.list().expect("accounts").is_empty());
    provider.set(|known| known.claims["groups"] = json!("wayside-review"));
    assert_eq!(sign_in(&provider, &mut browser).header("location"), Some("/"));
    provider.set(|known| known.claims["groups"] = json!([]));
    let mut elsewhere = house.browser();
    let answer = sign_in(&provider, &mut elsewhere);
    assert_eq!(refused(&house, &answer, &mut elsewhere), "provider-no-role");
    assert_eq!(browser.get("/api/v1/session").status, 401);
}

#[test]
fn an_account_that_is_there_is_not_taken_over() {
    let (provider, house) = started();
    house.chief();
    house.account("jane.roe", &[Role::Engineer]);
    provider.set(|known| known.claims["groups"] = json!(["wayside-review"]));
    let mut browser = house.browser();
    assert_eq!(sign_in(&provider, &mut browser).header("location"), Some("/"));
    let session = browser.get("/api/v1/session").json();
    let account = session["account"].as_str().expect("a name");
    assert!(account.starts_with("jane.roe-"), "{account}");
    assert_eq!(session["roles"], json!(["reviewer"]));
    // It has no password, and gets none.
    let wrong = browser.sign_in(account, "");
    assert_eq!(wrong.kind(), "sign-in-failed");
    let change = json!({"old": "", "new": "another long one"});
    assert_eq!(browser.post("/api/v1/session/password", &change).kind(), "managed-elsewhere");
    let mut chief = house.browser();
    chief.sign_in("chief", PASSWORD);
    let path = format!("/api/v1/accounts/{account}");
    let roles = json!({"roles": ["administrator"]});
    assert_eq!(chief.patch(&path, &roles).kind(), "managed-elsewhere");
    let invite = chief.post(&format!("{path}/invite"), &json!({}));
    assert_eq!(invite.kind(), "managed-elsewhere");
    // Disabled here, the provider's word does not help.
    assert_eq!(chief.patch(&path, &json!({"disabled": true})).status, 200);
    let mut browser = house.browser();
    let answer = sign_in(&provider, &mut browser);
    assert_eq!(refused(&house, &answer, &mut browser), "provider-disabled");
}

#[test]
fn new_keys_of_the_provider_are_asked_for() {
    let (provider, house) = started();
    let mut browser = house.browser();
    assert_eq!(sign_in(&provider, &mut browser).header("location"), Some("/"));
    provider.rotate();
    // Within a minute it is not asked again: anybody could make us ask.
    let answer = sign_in(&provider, &mut house.browser());
    assert_eq!(answer.header("location"), Some("/#/signin?problem=provider-token"));
    house.pass_s(61.0);
    provider.set(|known| known.now_s += 61);
    assert_eq!(sign_in(&provider, &mut house.browser()).header("location"), Some("/"));
    assert_eq!(provider.known.lock().expect("known").discovered, 2);
}

#[test]
fn a_provider_that_is_down_or_odd_is_told_and_passwords_still_work() {
    let (mut provider, house) = started();
    house.chief();
    for wrong in [Wrong::Huge, Wrong::Redirect] {
        provider.set(|known| known.wrong = wrong);
        let answer = house.browser().get("/api/v1/oidc/city/start");
        assert_eq!(answer.header("location"), Some("/#/signin?problem=provider-down"), "{wrong:?}");
        house.pass_s(6.0);
    }
    let asked = provider.known.lock().expect("known").discovered;
    // Back again, and it works; then it dies between the way out and the way back.
    provider.set(|known| known.wrong = Wrong::Nothing);
    let mut browser = house.browser();
    let query = out(&provider, &mut browser);
    assert_eq!(provider.known.lock().expect("known").discovered, asked + 1);
    if let Some(runtime) = provider.runtime.take() {
        runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    }
    let answer = back(&mut browser, &query);
    assert_eq!(refused(&house, &answer, &mut browser), "provider-down");
    // What it said about itself is kept for an hour; after that nothing is known.
    house.pass_s(3_601.0);
    let answer = house.browser().get("/api/v1/oidc/city/start");
    assert_eq!(answer.header("location"), Some("/#/signin?problem=provider-down"));
    assert_eq!(house.browser().sign_in("chief", PASSWORD).status, 200);
}
