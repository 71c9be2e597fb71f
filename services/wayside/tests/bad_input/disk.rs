//! Disks that are full, and folders that are none.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::Cases;
use crate::common::{clips, names, run, sites};

fn ready() -> Cases {
    let cases = Cases::new();
    sites::write(cases.path(), sites::SITE, sites::SIGNALS);
    let rows = (0..20_000).map(|n| {
        let time = f64::from(n) / 10.0;
        (time, format!("{time:.2},7,truck,240.0,260.0,90,0,9.0,2.5\n"))
    });
    fs::write(cases.path().join("tracks.csv"), sites::tracks(rows.collect())).unwrap();
    cases
}

#[test]
fn folders_that_cannot_be() {
    let mut cases = ready();
    fs::write(cases.path().join("file"), "a file").unwrap();
    let mut to = |title: &str, out: &str| {
        let mut command = crate::common::command(["replay", "site.toml", "--tracks", "tracks.csv"]);
        command.args(["--out", out]).current_dir(cases.path());
        cases.refused(title, command);
    };
    to("a file", "file");
    to("below a file", "file/out");
    assert_eq!(fs::read_to_string(cases.path().join("file")).unwrap(), "a file");
    insta::assert_snapshot!(cases.text);
}

/// A file system of 200 kB; none where nobody may mount one.
struct Small<'a>(&'a Path);

impl<'a> Small<'a> {
    fn mount(folder: &'a Path) -> Option<Self> {
        fs::create_dir(folder).unwrap();
        let mut command = Command::new("mount");
        command.args(["-t", "tmpfs", "-o", "size=200k", "tmpfs"]).arg(folder);
        let mounted = command.output().is_ok_and(|output| output.status.success());
        if !mounted {
            println!("skipped: a small file system can only be mounted by root");
        }
        mounted.then_some(Self(folder))
    }
}

impl Drop for Small<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0).status();
    }
}

#[test]
fn a_full_disk() {
    let mut cases = ready();
    let folder = cases.path().join("small");
    let Some(_small) = Small::mount(&folder) else { return };
    let out = folder.join("out");
    let mut command = crate::common::command(["replay", "site.toml", "--tracks", "tracks.csv"]);
    command.arg("--out").arg(&out).current_dir(cases.path());
    let ran = run(command);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    cases.note("tracks", &ran);
    assert_eq!(names(&out), Vec::<String>::new());
    // Noise does not compress: the video alone fills the disk.
    let noise = |n: u32| {
        clips::picture(clips::SIZE, |x, y| {
            let mixed = (x + 1000 * y + 1_000_003 * n).wrapping_mul(2_654_435_761);
            Some([(mixed >> 24) as u8; 3])
        })
    };
    clips::write(&cases.path().join("clip.mp4"), clips::SIZE, (0..60).map(noise));
    fs::remove_dir_all(&out).unwrap();
    let mut command = crate::common::command(["replay", "site.toml"]);
    command.arg("--out").arg(&out).current_dir(cases.path());
    let ran = run(command);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    cases.note("pictures", &ran);
    assert_eq!(names(&out), Vec::<String>::new());
    insta::assert_snapshot!(cases.text);
}
