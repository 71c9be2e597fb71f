//! NTCIP 1203 over the wire, against a sign that has a timer of its own.

mod common;

use std::time::{Duration, Instant};

use common::agent::Agent;
use common::{World, is_blank, shows, until};
use wayside_dms::{Sign, SignError, SnmpSign};
use wayside_proto::{EventTime, SignMessageId, SignText};
use wayside_signs::Show;
use wayside_site::model::{SignSnmp, SnmpVersion};

const HELLO: &str = "[jp3][jl3]QUEUE[nl]AHEAD";

fn open(agent: &Agent, version: SnmpVersion, community: &str) -> SnmpSign {
    let reach = SignSnmp {
        address: agent.addr.to_string(),
        version,
        community_file: None,
        user: None,
        auth_file: None,
        privacy_file: None,
    };
    SnmpSign::new(&reach, community.as_bytes(), &[], None, "wayside")
}

fn show(multi: &str, now: EventTime, seconds: f64) -> Show {
    let text = SignText {
        id: SignMessageId("0".repeat(32)),
        slot: "queue".to_owned(),
        priority: 100,
        not_before: now,
        expires: now.plus_s(seconds),
        lines: vec!["QUEUE".to_owned()],
        multi: multi.to_owned(),
        pictogram: None,
    };
    Show { source: "a".to_owned(), until: text.expires, text }
}

const NOW: EventTime = EventTime(1_780_300_000_000_000);

#[test]
fn a_sign_shows_a_message_and_ends_it_by_itself() {
    for version in [SnmpVersion::V1, SnmpVersion::V2c] {
        let agent = Agent::start("public");
        let mut sign = open(&agent, version, "public");
        let ends = sign.show(&show(HELLO, NOW, 150.0), NOW).expect("shown");
        assert_eq!(agent.shown().as_deref(), Some(HELLO));
        assert_eq!(sign.state(), Ok(Some(HELLO.to_owned())));
        // Two whole minutes, never more than the message has.
        assert!(ends <= NOW.plus_s(150.0) && ends > NOW.plus_s(120.0), "{ends}");
        assert_eq!(agent.history().last(), Some(&(HELLO.to_owned(), 2)));
        assert!((60.0..=120.0).contains(&agent.left_s()), "{}", agent.left_s());
        // Nobody says anything any more: kill -9, a cut line, a dead computer. The agent's clock runs meanwhile.
        agent.forward(60);
        assert_eq!(agent.shown().as_deref(), Some(HELLO));
        agent.forward(60);
        assert_eq!(agent.shown(), None, "the sign's own timer");
        assert_eq!(sign.state(), Ok(None));
    }
}

#[test]
fn the_same_message_is_written_once_and_extended() {
    let agent = Agent::start("public");
    let mut sign = open(&agent, SnmpVersion::V2c, "public");
    sign.show(&show(HELLO, NOW, 150.0), NOW).expect("shown");
    let requests = agent.with(|face| face.requests);
    sign.show(&show(HELLO, NOW, 150.0), NOW).expect("shown");
    assert_eq!(agent.with(|face| face.requests) - requests, 1, "one activation");
    sign.blank().expect("blank");
    assert_eq!(agent.shown(), None);
    let history = agent.history();
    assert_eq!(history, [(HELLO.to_owned(), 2), (HELLO.to_owned(), 2), (String::new(), 65_535)]);
}

#[test]
fn what_the_sign_refuses_is_said_and_not_shown() {
    let agent = Agent::start("public");
    let mut sign = open(&agent, SnmpVersion::V2c, "public");
    let refused = sign.show(&show("REFUSED", NOW, 150.0), NOW).expect_err("refused").to_string();
    let short = sign.show(&show(HELLO, NOW, 63.0), NOW).expect_err("too short").to_string();
    assert_eq!(agent.shown(), None);
    // A sign that cannot be told to go blank by itself is told nothing.
    let stubborn = Agent::start("public");
    stubborn.with(|face| face.read_only.push(vec![6, 15, 0]));
    let mut sign = open(&stubborn, SnmpVersion::V2c, "public");
    let error = sign.show(&show(HELLO, NOW, 150.0), NOW).expect_err("no timer");
    assert!(matches!(error, SignError::NoTimer { .. }), "{error:?}");
    assert!(stubborn.history().is_empty());
    let said = [refused, short, error.to_string()].join("\n");
    let said =
        said.replace(&agent.addr.to_string(), "SIGN").replace(&stubborn.addr.to_string(), "SIGN");
    insta::assert_snapshot!(said);
}

#[test]
fn a_sign_that_does_not_answer_is_tried_a_few_times() {
    let agent = Agent::start("public");
    let mut sign = open(&agent, SnmpVersion::V2c, "public");
    let third = (0..5).any(|_| {
        agent.with(|face| face.deaf = 2);
        let began = Instant::now();
        let shown = sign.show(&show(HELLO, NOW, 200.0), NOW);
        // A machine that stalls for as long as an answer is waited for is no third try.
        assert!(matches!(shown, Ok(_) | Err(SignError::Silent { .. })), "{shown:?}");
        assert!(began.elapsed() > Duration::from_secs(2));
        shown.is_ok()
    });
    assert!(third, "shown at the third try");
    // A wrong community is not answered at all: bounded, and no secret in the message.
    let mut stranger = open(&agent, SnmpVersion::V2c, "s3cret");
    let error = stranger.blank().expect_err("no answer").to_string();
    assert!(!error.contains("s3cret") && error.contains("does not answer"), "{error}");
}

fn signs(agent: &Agent) -> String {
    format!(
        "[[sign]]\nid = \"road\"\nkind = \"matrix\"\nwidth_px = 96\nheight_px = 24\nsource_timeout_s = 10.0\n\
         snmp = {{ address = \"{}\", community_file = \"community\" }}\n\
         [[sign.message]]\ntemplate = \"wrong_way\"\nhold_s = 300.0\n",
        agent.addr
    )
}

fn stands(agent: &Agent, what: Option<&str>) {
    let began = Instant::now();
    while began.elapsed() < common::SOON {
        let shown = agent.shown();
        let is = match what {
            Some(word) => shown.as_ref().is_some_and(|multi| multi.contains(word)),
            None => shown.is_none(),
        };
        if is {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("{:?} stands there instead of {what:?}", agent.shown());
}

#[test]
fn from_a_violation_to_the_sign_and_blank_when_the_source_dies() {
    let agent = Agent::start("public");
    let world = World::new(&signs(&agent));
    std::fs::write(world.dir.path().join("community"), "public\n").expect("a file");
    let watch = world.watch();
    // Whatever a sign shows from a former life is gone at the start.
    until(&watch, "road", "reached", |state| state.address.is_some() && state.fault.is_none());
    let source = world.start_other("a");
    world.happens("wrong_way", "Sin_1", world.wall.now());
    shows(&watch, "road", "WRONG-WAY");
    stands(&agent, Some("WRONG-WAY"));
    assert!(agent.left_s() <= 120.0, "{}", agent.left_s());
    drop(source);
    is_blank(&watch, "road");
    stands(&agent, None);
    assert!(agent.history().iter().all(|(multi, minutes)| multi.is_empty() || *minutes <= 2));
}

#[test]
fn when_the_service_ends_the_sign_is_blank() {
    let agent = Agent::start("public");
    let world = World::new(&signs(&agent));
    std::fs::write(world.dir.path().join("community"), "public\n").expect("a file");
    let service = world.start("a");
    world.happens("wrong_way", "Sin_1", world.wall.now());
    stands(&agent, Some("WRONG-WAY"));
    drop(service);
    assert_eq!(agent.shown(), None);
}
