//! The file and its settings: opened twice, newer than the program, of others.

use wayside_accounts::{Accounts, AccountsOptions, Error, HashCost, PublicUrl};

use crate::common::{House, PASSWORD, PUBLIC};

fn options() -> AccountsOptions {
    AccountsOptions::new(PublicUrl::parse(PUBLIC).expect("an address"))
}

#[test]
fn a_file_that_cannot_be_used_is_told() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("accounts.db");
    std::fs::write(&path, "this is no database, and long enough to be read as one".repeat(40))
        .expect("a file");
    let error = Accounts::open(&path, options()).expect_err("refused");
    assert!(matches!(error, Error::Open { .. }), "{error}");
    let error = Accounts::open(dir.path(), options()).expect_err("refused");
    assert!(matches!(error, Error::Open { .. }), "{error}");
}

#[test]
fn a_file_of_a_newer_program_is_left_alone() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("accounts.db");
    drop(Accounts::open(&path, options()).expect("accounts"));
    let file = rusqlite::Connection::open(&path).expect("a file");
    file.execute(
        "INSERT INTO refinery_schema_history (version, name, applied_on, checksum)
         VALUES (99, 'later', '2030-01-01T00:00:00Z', '1')",
        [],
    )
    .expect("a later version");
    let error = Accounts::open(&path, options()).expect_err("refused");
    assert!(matches!(error, Error::Migration { .. }), "{error}");
}

/// A password of cheaper days is hashed anew when it is next used.
#[test]
fn hashes_follow_what_they_cost_now() {
    let house = House::new();
    house.chief();
    let stored = |house: &House| -> String {
        let file =
            rusqlite::Connection::open(house.dir.path().join("accounts.db")).expect("a file");
        file.query_row("SELECT password FROM accounts", [], |row| row.get(0)).expect("a hash")
    };
    assert!(stored(&house).starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
    let mut dearer = options();
    dearer.cost = HashCost { memory_kib: 128, passes: 2, lanes: 1 };
    let accounts = Accounts::open(&house.dir.path().join("accounts.db"), dearer).expect("accounts");
    let client = wayside_accounts::Client::new(std::net::IpAddr::from([192, 0, 2, 1]), "Test");
    let password = wayside_accounts::Password::new(PASSWORD);
    accounts.sign_in("chief", &password, &client, None, house.now()).expect("signed in");
    assert!(stored(&house).starts_with("$argon2id$v=19$m=128,t=2,p=1$"));
    assert_eq!(house.browser().sign_in("chief", PASSWORD).status, 200);
}

/// The example of the page works.
#[test]
fn the_example_of_the_page_is_read() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/accounts.md");
    let page = std::fs::read_to_string(page).expect("docs/accounts.md");
    let example = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next());
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("oidc.toml");
    std::fs::write(&path, example.expect("an example")).expect("a file");
    std::fs::write(dir.path().join("oidc-secret"), "open sesame\n").expect("a file");
    let providers = wayside_accounts::oidc::read_providers(&path).expect("providers");
    assert_eq!((providers.len(), providers[0].roles.roles.len()), (1, 2));
    let mut with = options();
    with.providers = providers;
    with.cost = HashCost { memory_kib: 64, passes: 1, lanes: 1 };
    assert!(Accounts::open(&dir.path().join("accounts.db"), with).is_ok());
}
