//! `wayside retention` deletes what is over and nothing else, tells it beforehand, and leaves receipts.

mod common;

use std::fs::File;
use std::path::Path;
use std::time::{Duration, SystemTime};

use common::{Ran, wayside};
use tempfile::TempDir;

const DAY_S: u64 = 86_400;

/// A package of this violation that was stored so many days ago.
fn store(dir: &Path, violation: u32, days: u64) {
    let folder = dir.join("store/junction");
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join(format!("{violation:032x}.wayside"));
    std::fs::write(&path, "a package").expect("a file");
    let then = SystemTime::now() - Duration::from_secs(days * DAY_S);
    File::options().write(true).open(&path).and_then(|file| file.set_modified(then)).expect("aged");
}

fn retention(dir: &Path, arguments: &[&str]) -> Ran {
    let store = dir.join("store").display().to_string();
    let mut all = vec!["retention", arguments[0], "--store", &store];
    all.extend(&arguments[1..]);
    let mut ran = wayside(&all);
    for text in [&mut ran.stdout, &mut ran.stderr] {
        *text = text.replace(&dir.display().to_string(), "DIR");
    }
    ran
}

fn packages(dir: &Path) -> usize {
    std::fs::read_dir(dir.join("store/junction")).map_or(0, |folder| {
        let named = |path: &Path| path.extension().is_some_and(|ending| ending == "wayside");
        folder.filter(|entry| named(&entry.as_ref().expect("an entry").path())).count()
    })
}

#[test]
fn packages_go_by_their_age_where_nobody_reviews() {
    let dir = TempDir::new().expect("a directory");
    let data = dir.path().join("data").display().to_string();
    for (violation, days) in [(1, 40), (2, 31), (3, 28), (4, 1)] {
        store(dir.path(), violation, days);
    }
    let show = retention(dir.path(), &["show", "--no-desk", "--days", "5"]).succeeded();
    insta::assert_snapshot!(show.stdout, @r"
    now          junction, undecided: 2 packages (0.0 MiB), 0 cases
    in 2 days    junction, undecided: 1 packages (0.0 MiB), 0 cases
    The last seconds of each camera are in its worker's memory only, and go with the process.
    ");
    assert_eq!(packages(dir.path()), 4, "show deletes nothing");
    let run = retention(dir.path(), &["run", "--no-desk", "--data", &data]).succeeded();
    insta::assert_snapshot!(
        run.stdout,
        @"deleted  junction, undecided: 2 packages, 0 cases; receipts are on the bus"
    );
    assert_eq!(packages(dir.path()), 2);
    let again = retention(dir.path(), &["run", "--no-desk", "--data", &data]).succeeded();
    assert_eq!(again.stdout, "Nothing is due.\n");
    let verified = wayside(["receipts", "verify", "--data", &data]).succeeded();
    assert!(
        verified.stdout.starts_with("whole   evidence/junction: 1 receipts for 2 deleted"),
        "{}",
        verified.stdout
    );
}

#[test]
fn what_is_not_there_is_refused() {
    let dir = TempDir::new().expect("a directory");
    let desk = dir.path().join("desk.sqlite").display().to_string();
    let no_store = retention(dir.path(), &["show", "--no-desk"]);
    store(dir.path(), 1, 400);
    let no_desk = retention(dir.path(), &["run", "--desk", &desk]);
    assert_eq!((no_store.code, no_desk.code), (Some(3), Some(3)));
    assert_eq!(packages(dir.path()), 1, "a desk that is not found deletes nothing");
    insta::assert_snapshot!(no_store.stderr + &no_desk.stderr, @r"
    error: DIR/store is no folder with packages
      hint: name the --store of `wayside evidence`
    error: DIR/desk.sqlite is no database of cases
      hint: name it with --desk or --database-url, or say --no-desk where nobody reviews
    ");
}
