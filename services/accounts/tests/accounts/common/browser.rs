//! A browser: keeps cookies, sends the token of its session, says where its page is from.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::{Value, json};
use ureq::http::{Method, Request};

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).expect("JSON")
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    pub fn all(&self, name: &str) -> Vec<&str> {
        let found = self.headers.iter().filter(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str()).collect()
    }

    /// The kind of a problem, without what all have in front.
    pub fn kind(&self) -> String {
        let json = self.json();
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.text);
        let kind = json["type"].as_str().expect("a kind");
        kind.trim_start_matches("urn:wayside:problem:").to_owned()
    }
}

pub struct Browser {
    addr: SocketAddr,
    agent: ureq::Agent,
    pub cookies: BTreeMap<String, String>,
    pub csrf: Option<String>,
    /// From where it comes.
    pub address: String,
    pub user_agent: String,
    /// What it sends besides.
    pub extra: Vec<(String, String)>,
}

impl Browser {
    pub fn new(addr: SocketAddr) -> Self {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .allow_non_standard_methods(true)
            .proxy(None)
            .timeout_global(Some(Duration::from_secs(30)))
            .build()
            .into();
        Self {
            addr,
            agent,
            cookies: BTreeMap::new(),
            csrf: None,
            address: "192.0.2.1".to_owned(),
            user_agent: "Test/1.0".to_owned(),
            extra: Vec::new(),
        }
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.extra.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn from(mut self, address: &str) -> Self {
        self.address = address.to_owned();
        self
    }

    pub fn send(&mut self, method: &str, path: &str, body: Option<&[u8]>, kind: &str) -> Answer {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let url = format!("http://{}{path}", self.addr);
        let mut request = Request::builder()
            .method(method)
            .uri(url)
            .header("x-forwarded-for", &self.address)
            .header("user-agent", &self.user_agent);
        if !self.cookies.is_empty() {
            let pairs: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header("cookie", pairs.join("; "));
        }
        if let Some(csrf) = &self.csrf {
            request = request.header("wayside-csrf", csrf);
        }
        for (name, value) in &self.extra {
            request = request.header(name, value);
        }
        let sent = match body {
            Some(body) => {
                let request = request.header("content-type", kind).body(body.to_vec());
                self.agent.run(request.expect("a request"))
            }
            None => self.agent.run(request.body(()).expect("a request")),
        };
        let mut answer = sent.expect("an answer");
        let headers: Vec<(String, String)> = answer
            .headers()
            .iter()
            .map(|(name, value)| {
                (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
            })
            .collect();
        let status = answer.status().as_u16();
        let text = answer.body_mut().read_to_string().unwrap_or_default();
        for (_, line) in headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (name, rest) = line.split_once('=').expect("a cookie");
            let value = rest.split(';').next().unwrap_or_default();
            match line.contains("Max-Age=0") {
                true => self.cookies.remove(name),
                false => self.cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
        if let Ok(Value::Object(body)) = serde_json::from_str(&text)
            && let Some(csrf) = body.get("csrf").and_then(Value::as_str)
        {
            self.csrf = Some(csrf.to_owned());
        }
        Answer { status, headers, text }
    }

    pub fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, None, "")
    }

    pub fn post(&mut self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, Some(body.to_string().as_bytes()), "application/json")
    }

    pub fn patch(&mut self, path: &str, body: &Value) -> Answer {
        self.send("PATCH", path, Some(body.to_string().as_bytes()), "application/json")
    }

    pub fn delete(&mut self, path: &str) -> Answer {
        self.send("DELETE", path, None, "")
    }

    pub fn sign_in(&mut self, account: &str, password: &str) -> Answer {
        self.post("/api/v1/session", &json!({"account": account, "password": password}))
    }

    pub fn session(&self) -> String {
        self.cookies.get("wayside_session").cloned().unwrap_or_default()
    }
}

/// Sends these bytes as they are, and gives what comes back.
pub fn raw(addr: SocketAddr, bytes: &[u8]) -> String {
    send(addr, bytes, false)
}

/// The same, and says that nothing more will come.
pub fn raw_and_end(addr: SocketAddr, bytes: &[u8]) -> String {
    send(addr, bytes, true)
}

fn send(addr: SocketAddr, bytes: &[u8], end: bool) -> String {
    let mut stream = TcpStream::connect(addr).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(300))).expect("a time-out");
    // The other side may hang up before it has read all of it.
    let _ = stream.write_all(bytes);
    if end {
        let _ = stream.shutdown(std::net::Shutdown::Write);
    }
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}
