//! From violation to citation, with processes that are killed on the way: each violation gets one package, each
//! package one decision, each decision one citation, and each citation reaches the ticketing system once
//! (BU-1, CT-1).
//!
//! Enforcer, evidence and review are the program itself, over a real Kafka. Pictures come from a worker of
//! the test, since cameras in real time would take hours; reviewers and the ticketing system are clients.

mod paper;
mod pictures;
mod reviewer;
mod serve;
mod ticketing;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use wayside_broker::{Broker, BrokerOptions, whatever_the_broker_forgets};

use crate::city::City;
use crate::common;
use crate::outcomes::Outcomes;
use crate::place::{Place, Standing};
use crate::worker::Worker;
use crate::{comes, turn};
use paper::Paper;
use pictures::Pictures;
use reviewer::Reviewer;
use ticketing::Ticketing;

const PARTITIONS: u32 = 3;
/// Between two kills.
const EVERY: Duration = Duration::from_millis(1_700);
/// How long everything may take to arrive once nobody is killed any more.
const PATIENCE: Duration = Duration::from_secs(1_200);
/// Processes tell of themselves every second.
const TELL: Duration = Duration::from_secs(4);

#[test]
fn half_a_minute_of_kills_costs_no_citation() {
    killed(City { cameras: 4, seconds: 90, seed: 5 }, Duration::from_secs(30));
}

#[test]
#[ignore = "takes minutes; see make soak"]
fn soak_kills_cost_no_citation() {
    killed(City { cameras: 40, seconds: 180, seed: 6 }, Duration::from_secs(300));
}

fn killed(city: City, kills_for: Duration) {
    if wayside_broker::skip() {
        return;
    }
    let _turn = turn();
    whatever_the_broker_forgets(&BrokerOptions::default(), |broker| {
        let dir = tempfile::tempdir().unwrap();
        suffer(broker, city, kills_for, dir.path());
    })
    .unwrap();
}

/// The processes that are killed, and what starts them again.
struct Office<'a> {
    place: &'a Place,
    dir: &'a Path,
    sites: &'a Path,
    papers: Papers,
    pictures: &'a Pictures,
    ticketing: &'a Ticketing,
    /// Where the API listens.
    api: u16,
}

/// Keys, tokens and secrets.
struct Papers {
    keys: std::path::PathBuf,
    tokens: std::path::PathBuf,
    vault: std::path::PathBuf,
    secret: std::path::PathBuf,
    clips: std::path::PathBuf,
}

/// Which of the processes.
const PROCESSES: [&str; 3] = ["enforce", "evidence", "review"];

impl Office<'_> {
    fn start(&self, process: &str) -> Worker {
        if process == "enforce" {
            return self.place.enforce(self.sites, "enforce", self.dir);
        }
        let mut command = self.place.command(process);
        let store = self.dir.join("packages");
        std::fs::create_dir_all(&store).unwrap();
        let papers = &self.papers;
        command.args(["--instance", process, "--http", "127.0.0.1:0"]);
        command.arg("--store").arg(store).env("WAYSIDE_LOG", "info");
        if process == "evidence" {
            command.args(Place::site_files(self.sites)).args(["--age-days-max", "3650"]);
            command.args(["--worker", &self.pictures.address()]);
            command.arg("--clips-token-file").arg(&papers.clips);
            command.arg("--signing-key").arg(&papers.keys);
        } else {
            command.args(["--listen", &format!("127.0.0.1:{}", self.api), "--no-plate-reader"]);
            command.args(["--undo-s", "1", "--claim-s", "10"]);
            command.args(["--second-review-share", "0", "--known-share", "0"]);
            command.arg("--desk").arg(self.dir.join("desk.sqlite"));
            command.arg("--tokens").arg(&papers.tokens).arg("--vault-key").arg(&papers.vault);
            command.arg("--verify-key").arg(&papers.keys);
            command.args(["--webhook", &self.ticketing.address()]);
            command.arg("--webhook-secret-file").arg(&papers.secret);
        }
        let said = self.dir.join("said");
        std::fs::create_dir_all(&said).unwrap();
        Worker::spawn(command, &said)
    }
}

fn suffer(broker: &Broker, city: City, kills_for: Duration, dir: &Path) {
    let place = Place::on(broker, "", PARTITIONS);
    let sites = city.sites(dir);
    let (papers, token) = papers(dir);
    let (pictures, ticketing) = (Pictures::start(dir), Ticketing::start());
    let api = free_port();
    let office = Office {
        place: &place,
        dir,
        sites: &sites,
        papers,
        pictures: &pictures,
        ticketing: &ticketing,
        api,
    };
    let mut workers: Vec<Worker> = PROCESSES.iter().map(|process| office.start(process)).collect();
    let reviewer = Reviewer::start(api, &token);
    city.publish(&place);
    let (began, mut kills) = (Instant::now(), [0_u32; 3]);
    let mut turn = 0;
    while began.elapsed() < kills_for {
        std::thread::sleep(EVERY);
        // Review has the most steps.
        let at = [2, 1, 2, 0, 1][turn % 5];
        turn += 1;
        let next = |worker: Worker| {
            assert_eq!(worker.kill().code, None, "{} had ended by itself", PROCESSES[at]);
            office.start(PROCESSES[at])
        };
        let worker = workers.remove(at);
        workers.insert(at, next(worker));
        kills[at] += 1;
    }
    // Everything is judged for a while, and as many as were found have arrived.
    let mut since: Option<Instant> = None;
    let arrived = comes(PATIENCE, || {
        let standing = Standing::of(&[&workers[0]]);
        let judged = standing.partitions == f64::from(PARTITIONS) && standing.lag == 0.0;
        let cited = ticketing.cited();
        let whole = || Outcomes::read(&*place.open()).violations().count() == cited.len();
        if !judged || cited.is_empty() || !whole() {
            since = None;
            return false;
        }
        since.get_or_insert_with(Instant::now).elapsed() > TELL
    });
    let decided = reviewer.stop();
    let said = || -> String {
        let each = PROCESSES.iter().zip(&workers);
        each.map(|(name, worker)| format!("--- {name}\n{}\n", worker.stderr())).collect()
    };
    let bus = place.open();
    let outcomes = Outcomes::read(&*bus);
    let violations: Vec<String> = outcomes.violations().map(|of| of.id.to_string()).collect();
    println!(
        "{} violations; {} kills of enforce, {} of evidence, {} of review; {} packages, {} decisions, {} \
         citations delivered by {} posts",
        violations.len(),
        kills[0],
        kills[1],
        kills[2],
        pictures.given(),
        decided.len(),
        ticketing.cited().len(),
        ticketing.posts()
    );
    let lacking: Vec<_> =
        violations.iter().filter(|id| !ticketing.cited().contains_key(*id)).collect();
    assert!(arrived, "no citation of {lacking:?} arrived\n{}", said());
    assert!(violations.len() >= 5, "{} violations: too few to show anything", violations.len());
    Paper { bus: &*bus, violations: &violations, decided: &decided, ticketing: &ticketing }
        .is_in_order(dir, &office.papers.keys);
}

/// Makes keys, tokens and secrets with the program; and the reviewer's token.
fn papers(dir: &Path) -> (Papers, String) {
    let out = |arguments: &[&str]| common::run(common::command(arguments)).succeeded().stdout;
    let path = |name: &str| dir.join(name);
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let (keys, tokens) = (path("keys"), path("tokens"));
    out(&["keys", "new", "--out", &text(&keys)]);
    let token = out(&[
        "review",
        "token",
        "new",
        "--account",
        "reviewer-1",
        "--role",
        "reviewer",
        "--tokens",
        &text(&tokens),
    ]);
    let write = |name: &str, text: &str| {
        let path = path(name);
        std::fs::write(&path, text).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        std::fs::set_permissions(&path, mode).unwrap();
        path
    };
    let vault = write("vault", &out(&["review", "vault-key"]));
    let secret = write("secret", &out(&["review", "secret"]));
    let clips = write("clips", "clips-of-a-test");
    (Papers { keys, tokens, vault, secret, clips }, token.trim().to_owned())
}

/// A port that nobody has, and that nobody takes while the service is killed and started: Linux takes ports from
/// 32768 on for outgoing connections, brokers of tests begin at 20000.
fn free_port() -> u16 {
    let free = |port: &u16| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok();
    let begin = 12_000 + (std::process::id() % 4_000) as u16;
    (begin..begin + 4_000).find(free).unwrap()
}

/// The program that says whether packages hold.
fn verify(keys: &Path, packages: &[std::path::PathBuf]) -> Command {
    let mut command = common::command(["verify", "--json", "--key"]);
    command.arg(keys).args(packages);
    command
}
