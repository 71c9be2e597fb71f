//! Accounts of the tests, one for each set of roles: real ones, in a file of their own.
#![allow(dead_code)] // Each test file uses its part.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};

use wayside_accounts::policy::Roles;
use wayside_accounts::{
    Account, Accounts, AccountsOptions, Client, HashCost, Limits, Password, PublicUrl,
};
use wayside_http::Rate;

#[derive(Clone, Debug)]
pub struct People {
    accounts: Arc<Accounts>,
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
}

impl People {
    pub fn new(dir: &Path) -> Self {
        let often = Rate { burst: 1e9, per_s: 1e9 };
        let limits =
            Limits { session: often, address: often, failures: often, ..Limits::default() };
        let url = PublicUrl::parse("http://localhost").expect("an address");
        let cost = HashCost { memory_kib: 64, passes: 1, lanes: 1 };
        let options = AccountsOptions { limits, cost, ..AccountsOptions::new(url) };
        let accounts = Accounts::open(&dir.join("accounts.sqlite"), options).expect("accounts");
        Self { accounts, cookies: Arc::default() }
    }

    pub fn accounts(&self) -> Arc<Accounts> {
        Arc::clone(&self.accounts)
    }

    /// Headers of the account with these roles, `operator+auditor`; none of nobody.
    pub fn headers(&self, roles: &str) -> Vec<(String, String)> {
        if roles.is_empty() {
            return Vec::new();
        }
        let mut cookies = self.cookies.lock().expect("a lock");
        let cookie = cookies.entry(roles.to_owned()).or_insert_with(|| self.sign_in(roles));
        vec![("Cookie".to_owned(), format!("wayside_session={cookie}"))]
    }

    fn sign_in(&self, roles: &str) -> String {
        let account = Account::new(&roles.replace('+', "-")).expect("a name");
        let roles = Roles::parse(&roles.replace('+', ",")).expect("roles");
        let now = self.accounts.now();
        let link = self.accounts.create("test", &account, "Somebody", &roles, now).expect("made");
        let token = link.reveal().split("token=").nth(1).expect("a token").to_owned();
        let client = Client::new(IpAddr::from([127, 0, 0, 1]), "test");
        let password = Password::new("correct horse battery staple".to_owned());
        let session = self.accounts.accept_invite(&token, &password, &client, None, now);
        session.expect("a session").cookie().to_owned()
    }

    /// Ends every session of the account.
    pub fn disable(&self, roles: &str) {
        let account = Account::new(&roles.replace('+', "-")).expect("a name");
        let now = self.accounts.now();
        self.accounts.change("test", &account, None, Some(true), now).expect("changed");
    }
}
