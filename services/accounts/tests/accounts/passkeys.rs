//! Passkeys, with an authenticator in software: the whole way, and what does not work.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use wayside_accounts::policy::Role;
use webauthn_authenticator_rs::prelude::{Url, WebauthnAuthenticator};
use webauthn_authenticator_rs::softpasskey::SoftPasskey;

use crate::common::{Answer, Browser, House, PUBLIC};

fn key() -> SoftPasskey {
    SoftPasskey::new(true)
}

fn url(origin: &str) -> Url {
    Url::parse(origin).expect("an address")
}

/// What a browser does between the two requests of a registration.
fn create(key: &mut SoftPasskey, origin: &str, challenge: &Value) -> Value {
    let options = serde_json::from_value(challenge.clone()).expect("options of a browser");
    let made = key.do_registration(url(origin), options).expect("a credential");
    serde_json::to_value(made).expect("JSON")
}

/// What a browser does between the two requests of a sign-in.
fn answer(key: &mut SoftPasskey, origin: &str, started: &Value) -> Value {
    let options = json!({"publicKey": started["publicKey"]});
    let options = serde_json::from_value(options).expect("options of a browser");
    let made = key.do_authentication(url(origin), options).expect("an answer");
    serde_json::to_value(made).expect("JSON")
}

fn add(browser: &mut Browser, key: &mut SoftPasskey, label: &str) -> Answer {
    let challenge = browser.post("/api/v1/passkeys/register/start", &json!({"label": label}));
    assert_eq!(challenge.status, 200, "{}", challenge.text);
    let credential = create(key, PUBLIC, &challenge.json());
    browser.post("/api/v1/passkeys/register/finish", &json!({"credential": credential}))
}

fn start(browser: &mut Browser, account: Option<&str>) -> Value {
    let started = browser.post("/api/v1/passkeys/sign-in/start", &json!({"account": account}));
    assert_eq!(started.status, 200, "{}", started.text);
    started.json()
}

fn finish(browser: &mut Browser, started: &Value, credential: &Value) -> Answer {
    let sent = json!({"id": started["id"], "credential": credential});
    browser.post("/api/v1/passkeys/sign-in/finish", &sent)
}

#[test]
fn a_passkey_is_added_and_signs_in() {
    let house = House::new();
    let mut chief = house.chief();
    let mut key = key();
    let added = add(&mut chief, &mut key, " Key on my desk ");
    assert_eq!((added.status, &added.json()["label"]), (201, &json!("Key on my desk")));
    assert_eq!(chief.get("/api/v1/session").json()["passkeys"], 1);
    house.pass_s(60.0);
    let mut browser = house.browser();
    let started = start(&mut browser, Some("chief"));
    assert_eq!(started["publicKey"]["userVerification"], "required");
    assert_eq!(started["publicKey"]["rpId"], "localhost");
    let credential = answer(&mut key, PUBLIC, &started);
    let session = finish(&mut browser, &started, &credential);
    assert_eq!((session.status, &session.json()["account"]), (200, &json!("chief")));
    assert_eq!(browser.get("/api/v1/sessions").json()[0]["how"], "passkey");
    let all = browser.get("/api/v1/passkeys").json();
    assert_eq!(all[0]["last_used"], "2026-06-01T07:01:00.000000Z");
    // It goes, and with it the sign-in.
    let path = format!("/api/v1/passkeys/{}", all[0]["id"].as_str().expect("an id"));
    assert_eq!(browser.delete(&path).status, 204);
    assert_eq!(browser.delete(&path).kind(), "not-found");
    assert_eq!(browser.get("/api/v1/passkeys").json(), json!([]));
}

/// An authenticator that knows whose credential it is says so itself.
#[test]
fn a_passkey_signs_in_without_the_name_of_the_account() {
    let house = House::new();
    let mut chief = house.chief();
    let mut key = key();
    let challenge =
        chief.post("/api/v1/passkeys/register/start", &json!({"label": "Phone"})).json();
    assert_eq!(challenge["publicKey"]["authenticatorSelection"]["residentKey"], "preferred");
    let handle = challenge["publicKey"]["user"]["id"].clone();
    let made = create(&mut key, PUBLIC, &challenge);
    let sent = json!({"credential": made});
    assert_eq!(chief.post("/api/v1/passkeys/register/finish", &sent).status, 201);
    let mut sign_in = |handle: &Value| {
        let mut browser = house.browser();
        let started = start(&mut browser, None);
        assert_eq!(started["publicKey"]["allowCredentials"], json!([]));
        // The software authenticator keeps no list of its own: it is told which credential to take.
        let mut told = started.clone();
        told["publicKey"]["allowCredentials"] =
            json!([{"type": "public-key", "id": made["rawId"]}]);
        let mut credential = answer(&mut key, PUBLIC, &told);
        credential["response"]["userHandle"] = handle.clone();
        finish(&mut browser, &started, &credential).status
    };
    assert_eq!(sign_in(&handle), 200);
    assert_eq!(sign_in(&json!(URL_SAFE_NO_PAD.encode([7; 16]))), 401);
    assert_eq!(sign_in(&Value::Null), 401);
}

#[test]
fn an_answer_counts_once_for_its_own_question_and_account() {
    let house = House::new();
    let mut chief = house.chief();
    let mut jo = house.signed_in("jo", &[Role::Operator]);
    let (mut chiefs, mut jos) = (key(), key());
    assert_eq!(add(&mut chief, &mut chiefs, "a").status, 201);
    assert_eq!(add(&mut jo, &mut jos, "b").status, 201);
    let mut browser = house.browser();
    let started = start(&mut browser, Some("chief"));
    let credential = answer(&mut chiefs, PUBLIC, &started);
    assert_eq!(finish(&mut browser, &started, &credential).status, 200);
    // Again.
    let replayed = finish(&mut house.browser(), &started, &credential);
    assert_eq!((replayed.status, replayed.kind().as_str()), (401, "sign-in-failed"));
    // For another question.
    let other = start(&mut browser, Some("chief"));
    assert_eq!(finish(&mut house.browser(), &other, &credential).status, 401);
    // Jo's key for the chief's question: the challenge is right, the key is not.
    let started = start(&mut browser, Some("chief"));
    let mut told = started.clone();
    let jos_own = start(&mut browser, Some("jo"));
    told["publicKey"]["allowCredentials"] = jos_own["publicKey"]["allowCredentials"].clone();
    let credential = answer(&mut jos, PUBLIC, &told);
    assert_eq!(finish(&mut house.browser(), &started, &credential).status, 401);
    // Too late.
    let started = start(&mut browser, Some("chief"));
    let credential = answer(&mut chiefs, PUBLIC, &started);
    house.pass_s(301.0);
    assert_eq!(finish(&mut house.browser(), &started, &credential).status, 401);
    // Of a page that only looks like ours.
    let started = start(&mut browser, Some("chief"));
    let mut phished = answer(&mut chiefs, PUBLIC, &started);
    let data = phished["response"]["clientDataJSON"].as_str().expect("data");
    let data = String::from_utf8(URL_SAFE_NO_PAD.decode(data).expect("base64")).expect("text");
    let data = data.replace("localhost", "1ocalhost");
    phished["response"]["clientDataJSON"] = json!(URL_SAFE_NO_PAD.encode(data));
    assert_eq!(finish(&mut house.browser(), &started, &phished).status, 401);
}

#[test]
fn without_its_user_a_passkey_is_none() {
    let house = House::new();
    let mut chief = house.chief();
    let mut key = key();
    assert_eq!(add(&mut chief, &mut key, "a").status, 201);
    let mut browser = house.browser();
    let started = start(&mut browser, Some("chief"));
    let mut credential = answer(&mut key, PUBLIC, &started);
    let data = credential["response"]["authenticatorData"].as_str().expect("data");
    let mut data = URL_SAFE_NO_PAD.decode(data).expect("base64");
    data[32] &= !0b100;
    credential["response"]["authenticatorData"] = json!(URL_SAFE_NO_PAD.encode(data));
    assert_eq!(finish(&mut browser, &started, &credential).status, 401);
}

/// Accounts without passkeys, disabled ones and those that are not there are asked for passkeys too.
#[test]
fn whether_there_is_an_account_cannot_be_seen() {
    let house = House::new();
    let mut chief = house.chief();
    house.account("jo", &[Role::Operator]);
    let mut key = key();
    assert_eq!(add(&mut chief, &mut key, "a").status, 201);
    let mut browser = house.browser();
    let shape = |started: &Value| -> Vec<String> {
        let options = started["publicKey"].as_object().expect("options");
        options.keys().cloned().collect()
    };
    let real = start(&mut browser, Some("chief"));
    let mut asked_for = 0;
    for name in ["jo", "nobody", "b", "Not An Account", "someone", "else", "x.y"] {
        let (one, two) = (start(&mut browser, Some(name)), start(&mut browser, Some(name)));
        assert_eq!(shape(&one), shape(&real), "{name}");
        let ids = &one["publicKey"]["allowCredentials"];
        assert_eq!(ids, &two["publicKey"]["allowCredentials"], "{name}");
        asked_for += ids.as_array().map_or(0, Vec::len);
        // Whatever answers: it is refused like any other.
        let mut told = one.clone();
        told["publicKey"]["allowCredentials"] = real["publicKey"]["allowCredentials"].clone();
        let credential = answer(&mut key, PUBLIC, &told);
        assert_eq!(finish(&mut browser, &one, &credential).kind(), "sign-in-failed", "{name}");
    }
    assert!(asked_for > 0);
}

#[test]
fn a_disabled_account_has_no_passkeys_that_work() {
    let house = House::new();
    let mut chief = house.chief();
    let mut jo = house.signed_in("jo", &[Role::Operator]);
    let mut key = key();
    assert_eq!(add(&mut jo, &mut key, "a").status, 201);
    let mut browser = house.browser();
    let started = start(&mut browser, Some("jo"));
    let credential = answer(&mut key, PUBLIC, &started);
    chief.patch("/api/v1/accounts/jo", &json!({"disabled": true}));
    assert_eq!(finish(&mut browser, &started, &credential).kind(), "sign-in-failed");
}

#[test]
fn what_is_not_a_registration() {
    let house = House::new();
    let mut chief = house.chief();
    let mut jo = house.signed_in("jo", &[Role::Operator]);
    let finish_path = "/api/v1/passkeys/register/finish";
    let mut key = key();
    let challenge = chief.post("/api/v1/passkeys/register/start", &json!({"label": "a"})).json();
    let made = json!({"credential": create(&mut key, PUBLIC, &challenge)});
    // Another session cannot end it, nor can anybody twice.
    assert_eq!(jo.post(finish_path, &made).kind(), "passkey-refused");
    assert_eq!(chief.post(finish_path, &made).status, 201);
    assert_eq!(chief.post(finish_path, &made).kind(), "passkey-refused");
    // Nor under another account.
    let mut browser = house.browser();
    assert_eq!(browser.post(finish_path, &made).kind(), "not-signed-in");
    for sent in [json!({}), json!({"credential": {}}), json!({"credential": "x"})] {
        assert_eq!(chief.post(finish_path, &sent).kind(), "bad-request", "{sent}");
    }
    let odd = json!({"label": "a\u{202e}b"});
    let answer = chief.post("/api/v1/passkeys/register/start", &odd);
    assert_eq!(answer.kind(), "name-not-acceptable");
    // One's own alone are seen and removed.
    let id = chief.get("/api/v1/passkeys").json()[0]["id"].as_str().expect("an id").to_owned();
    assert_eq!(jo.get("/api/v1/passkeys").json(), json!([]));
    assert_eq!(jo.delete(&format!("/api/v1/passkeys/{id}")).kind(), "not-found");
    assert_eq!(chief.get("/api/v1/passkeys").json().as_array().map(Vec::len), Some(1));
}

#[test]
fn an_account_has_ten_passkeys_at_most() {
    let house = House::new();
    let mut chief = house.chief();
    for number in 0..10 {
        assert_eq!(add(&mut chief, &mut key(), &format!("key {number}")).status, 201);
    }
    let more = chief.post("/api/v1/passkeys/register/start", &json!({"label": "one more"}));
    assert_eq!((more.status, more.kind().as_str()), (409, "too-many"));
}

#[test]
fn under_an_address_without_a_name_there_are_none() {
    for public in ["http://127.0.0.1:8080", "http://wayside.city.example"] {
        let house = House::with(public, |_| {});
        let mut chief = house.chief();
        let answer = chief.post("/api/v1/passkeys/register/start", &json!({"label": "a"}));
        assert_eq!((answer.status, answer.kind().as_str()), (409, "passkeys-unavailable"));
        let answer = house.browser().post("/api/v1/passkeys/sign-in/start", &json!({}));
        assert_eq!(answer.kind(), "passkeys-unavailable");
    }
}
