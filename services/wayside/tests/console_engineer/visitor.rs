//! Somebody at the console, without a browser: signed in over HTTP with the one-time link.

use std::time::Duration;

use serde_json::{Value, json};

use crate::program::Program;

pub struct Visitor {
    url: String,
    agent: ureq::Agent,
    cookie: String,
    csrf: String,
    /// Acts in this role.
    pub role: Option<&'static str>,
}

impl Visitor {
    /// Somebody who is not signed in.
    pub fn nobody(program: &Program) -> Self {
        let config = ureq::Agent::config_builder();
        let config = config.http_status_as_error(false).proxy(None);
        let agent = config.timeout_global(Some(Duration::from_secs(600))).build().into();
        Self {
            url: program.url.clone(),
            agent,
            cookie: String::new(),
            csrf: String::new(),
            role: None,
        }
    }

    /// Somebody with this role, by an invitation of the first account.
    pub fn invites(&mut self, program: &Program, role: &str) -> Self {
        let account = json!({"account": role, "name": role, "roles": [role]});
        let (status, invited) = self.send("POST", "/api/v1/accounts", &account);
        assert!(status < 300, "{status} {invited:#}");
        let link = invited["invite"].as_str().unwrap();
        let token = link.split_once("token=").unwrap().1;
        let mut guest = Self::nobody(program);
        let taken = json!({"token": token, "password": "a junction at half past seven"});
        let (status, session) = guest.send("POST", "/api/v1/invite", &taken);
        assert!(status < 300, "{status} {session:#}");
        guest.csrf = session["csrf"].as_str().unwrap().to_owned();
        guest
    }

    /// A request as another site's page would have it sent.
    pub fn without_csrf(&mut self, method: &str, path: &str) -> (u16, Value) {
        let csrf = std::mem::take(&mut self.csrf);
        let answer = self.send(method, path, &json!({}));
        self.csrf = csrf;
        answer
    }

    /// The first account, with every role.
    pub fn first(program: &Program) -> Self {
        let mut visitor = Self::nobody(program);
        let first = json!({"token": program.token, "account": "engineer", "name": "Engineer",
            "password": "a junction at half past seven"});
        let (status, session) = visitor.send("POST", "/api/v1/setup", &first);
        assert!(status < 300, "{status} {session:#}");
        visitor.csrf = session["csrf"].as_str().unwrap().to_owned();
        visitor
    }

    /// An answer's status and its JSON.
    pub fn get(&mut self, path: &str) -> (u16, Value) {
        self.bytes("GET", path, "", Vec::new())
    }

    pub fn send(&mut self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        self.bytes(method, path, "application/json", body.to_string().into_bytes())
    }

    pub fn bytes(&mut self, method: &str, path: &str, kind: &str, body: Vec<u8>) -> (u16, Value) {
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url))
            .header("cookie", &self.cookie)
            .header("wayside-csrf", &self.csrf)
            .header("content-type", kind);
        let request = match self.role {
            Some(role) => request.header("wayside-role", role),
            None => request,
        };
        let mut answer = match method {
            "GET" => self.agent.run(request.body(()).unwrap()).unwrap(),
            _ => self.agent.run(request.body(body).unwrap()).unwrap(),
        };
        for set in answer.headers().get_all("set-cookie") {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            self.cookie = pair.to_owned();
        }
        let status = answer.status().as_u16();
        let bytes = answer.body_mut().with_config().limit(1 << 30).read_to_vec().unwrap();
        (status, serde_json::from_slice(&bytes).unwrap_or_default())
    }

    /// What a GET gives that succeeds.
    #[track_caller]
    pub fn there(&mut self, path: &str) -> Value {
        let (status, body) = self.get(path);
        assert_eq!(status, 200, "{path}: {body:#}");
        body
    }
}
