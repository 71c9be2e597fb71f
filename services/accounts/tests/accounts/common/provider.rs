//! A small provider of OpenID Connect: discovery, keys, codes with PKCE, ID tokens signed with ES256. It can
//! be wrong in each way that matters.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use wayside_accounts::Password;
use wayside_accounts::oidc::ProviderSettings;
use wayside_accounts::policy::{Role, RoleMap};

use super::serve;

/// How this provider is wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wrong {
    #[default]
    Nothing,
    Nonce,
    Audience,
    Issuer,
    Expired,
    NotYet,
    Signature,
    Unsigned,
    Hs256,
    NoToken,
    Huge,
    Redirect,
}

pub struct Known {
    issuer: String,
    pub wrong: Wrong,
    pub claims: Value,
    key: SigningKey,
    kid: String,
    /// Seconds since 1970.
    pub now_s: i64,
    /// Code to nonce, challenge and redirect address.
    codes: BTreeMap<String, (String, String, String)>,
    pub discovered: usize,
}

type Shared = Arc<Mutex<Known>>;

pub struct Provider {
    pub addr: SocketAddr,
    pub known: Shared,
    pub runtime: Option<tokio::runtime::Runtime>,
}

fn signing_key(seed: u8) -> SigningKey {
    SigningKey::from_slice(&[seed; 32]).expect("a key")
}

impl Provider {
    pub fn start(now_s: i64) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let known: Shared = Arc::new(Mutex::new(Known {
            issuer: String::new(),
            wrong: Wrong::Nothing,
            claims: json!({
                "sub": "7-jane", "preferred_username": "Jane.Roe@city.example", "name": "Jane Roe",
                "groups": ["staff", "wayside-review"],
            }),
            key: signing_key(7),
            kid: "one".to_owned(),
            now_s,
            codes: BTreeMap::new(),
            discovered: 0,
        }));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discover))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(Arc::clone(&known));
        let addr = serve(&runtime, router);
        known.lock().expect("known").issuer = format!("http://{addr}");
        Self { addr, known, runtime: Some(runtime) }
    }

    pub fn settings(&self) -> ProviderSettings {
        let roles = BTreeMap::from([
            ("wayside-review".to_owned(), vec![Role::Reviewer]),
            ("wayside-admin".to_owned(), vec![Role::Administrator, Role::Auditor]),
        ]);
        ProviderSettings {
            id: "city".to_owned(),
            name: "City sign-in".to_owned(),
            issuer: format!("http://{}", self.addr),
            client_id: "wayside".to_owned(),
            client_secret: Some(Password::new("open sesame")),
            scopes: vec!["profile".to_owned()],
            account_claim: "preferred_username".to_owned(),
            roles: RoleMap { claim: "groups".to_owned(), roles },
            authorities: None,
        }
    }

    pub fn set(&self, change: impl FnOnce(&mut Known)) {
        change(&mut self.known.lock().expect("known"));
    }

    /// The provider's keys change.
    pub fn rotate(&self) {
        self.set(|known| (known.key, known.kid) = (signing_key(9), "two".to_owned()));
    }

    /// What its sign-in page does once it knows who sits there: the address that it sends the browser back to.
    pub fn sign_in(&self, location: &str) -> String {
        let url = webauthn_authenticator_rs::prelude::Url::parse(location).expect("an address");
        assert_eq!(url.path(), "/authorize");
        let query: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
        assert_eq!(
            (query["response_type"].as_str(), query["client_id"].as_str()),
            ("code", "wayside")
        );
        assert_eq!(query["code_challenge_method"], "S256");
        assert!(query["scope"].split(' ').any(|scope| scope == "openid"));
        let mut known = self.known.lock().expect("known");
        let code = format!("code-{}", known.codes.len());
        let kept = (
            query["nonce"].clone(),
            query["code_challenge"].clone(),
            query["redirect_uri"].clone(),
        );
        known.codes.insert(code.clone(), kept);
        format!("code={code}&state={}&session_state=x", query["state"])
    }
}

async fn discover(State(known): State<Shared>) -> Response {
    let mut known = known.lock().expect("known");
    known.discovered += 1;
    let issuer = known.issuer.clone();
    if known.wrong == Wrong::Redirect {
        return (StatusCode::FOUND, [("location", "http://127.0.0.1:1/elsewhere")]).into_response();
    }
    let padding = if known.wrong == Wrong::Huge { "x".repeat(2 << 20) } else { String::new() };
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "padding": padding,
    }))
    .into_response()
}

async fn keys(State(known): State<Shared>) -> Json<Value> {
    let known = known.lock().expect("known");
    let point = known.key.verifying_key().to_sec1_point(false);
    let bytes = point.as_bytes();
    let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    Json(json!({"keys": [{
        "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": known.kid,
        "x": text(&bytes[1..33]), "y": text(&bytes[33..65]),
    }]}))
}

async fn token(
    State(known): State<Shared>,
    headers: HeaderMap,
    Form(sent): Form<BTreeMap<String, String>>,
) -> Response {
    let mut known = known.lock().expect("known");
    let refuse = |why: &str| {
        (StatusCode::BAD_REQUEST, Json(json!({"error": "invalid_grant", "error_description": why})))
            .into_response()
    };
    let basic = format!("Basic {}", STANDARD.encode("wayside:open%20sesame"));
    let plus = format!("Basic {}", STANDARD.encode("wayside:open+sesame"));
    let authorization = headers.get("authorization").and_then(|value| value.to_str().ok());
    if !authorization.is_some_and(|value| value == basic || value == plus) {
        return refuse("wrong client");
    }
    let code = sent.get("code").cloned().unwrap_or_default();
    let Some((nonce, challenge, redirect)) = known.codes.remove(&code) else {
        return refuse("no such code");
    };
    let verifier = sent.get("code_verifier").cloned().unwrap_or_default();
    if URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())) != challenge {
        return refuse("PKCE");
    }
    if sent.get("redirect_uri") != Some(&redirect) {
        return refuse("another way back");
    }
    let mut answer = json!({"access_token": "a", "token_type": "Bearer", "expires_in": 60});
    if known.wrong != Wrong::NoToken {
        answer["id_token"] = json!(id_token(&known, &nonce));
    }
    Json(answer).into_response()
}

fn id_token(known: &Known, nonce: &str) -> String {
    let wrong = known.wrong;
    let mut claims = known.claims.clone();
    let (issued, lasts) = match wrong {
        Wrong::Expired => (known.now_s - 600, 300),
        Wrong::NotYet => (known.now_s + 3_600, 300),
        _ => (known.now_s, 300),
    };
    claims["iss"] = match wrong {
        Wrong::Issuer => json!("https://evil.example"),
        _ => json!(known.issuer),
    };
    claims["aud"] = if wrong == Wrong::Audience { json!("other") } else { json!("wayside") };
    claims["nonce"] = if wrong == Wrong::Nonce { json!("other") } else { json!(nonce) };
    claims["iat"] = json!(issued);
    claims["exp"] = json!(issued + lasts);
    let algorithm = match wrong {
        Wrong::Unsigned => "none",
        Wrong::Hs256 => "HS256",
        _ => "ES256",
    };
    let head = json!({"alg": algorithm, "typ": "JWT", "kid": known.kid});
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let text = format!("{}.{}", part(&head), part(&claims));
    let key = if wrong == Wrong::Signature { signing_key(8) } else { known.key.clone() };
    let signature = match wrong {
        Wrong::Unsigned => Vec::new(),
        // The client's secret as a key: whoever knows it could sign anything.
        Wrong::Hs256 => Sha256::digest(format!("open sesame{text}").as_bytes()).to_vec(),
        _ => {
            let signature: Signature = key.sign(text.as_bytes());
            signature.to_bytes().to_vec()
        }
    };
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}
