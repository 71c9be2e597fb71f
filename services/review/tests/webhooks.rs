//! Webhooks over real TCP, from the bus to receivers that fail in every way.

#[path = "common/receiver.rs"]
mod receiver;

use std::sync::Arc;
use std::time::{Duration, Instant};

use receiver::{Does, Receiver};
use tempfile::TempDir;
use wayside_bus::{Bus, Log, LogOptions, Record, Topic};
use wayside_http::Clock;
use wayside_proto::convert::Message as _;
use wayside_proto::{
    CameraId, Citation, CitationId, CitationStatus, EventTime, Hash32, HumanDecision,
    MotorVehicleClass, OutcomeId, SealedPackage, SiteId, cloudevents::CloudEvent,
};
use wayside_review::webhooks::delivery::Policy;
use wayside_review::webhooks::sign::{Secret, signatures};
use wayside_review::webhooks::{Endpoint, SendOptions, Webhooks};

fn citation(number: u32, revision: u32) -> Citation {
    let violation = OutcomeId(format!("{number:032x}"));
    let time = EventTime(1_780_297_407_174_000);
    Citation {
        id: CitationId::of(&violation),
        revision,
        status: if revision == 1 { CitationStatus::Issued } else { CitationStatus::Voided },
        violation,
        site: SiteId::from("junction"),
        camera: CameraId::from("north"),
        rule: "red_light",
        rule_version: 1,
        class: MotorVehicleClass::Car,
        event_time: time,
        quantities: Vec::new(),
        decision: HumanDecision {
            reviewer: "reviewer-7".to_owned(),
            second_reviewer: None,
            decided_at: time.plus_s(60.0),
            reason: (revision > 1).then(|| "contest_upheld".to_owned()),
            note: String::new(),
        },
        evidence: SealedPackage {
            uri: format!("junction/{number}.wpk"),
            sha256: Hash32([1; 32]),
            size_bytes: 1_000,
            key_id: "k1".to_owned(),
            chain_number: u64::from(number),
            sealed_at: time.plus_s(9.0),
        },
    }
}

struct Place {
    dir: TempDir,
    bus: Arc<dyn Bus>,
}

impl Place {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let log = Log::open(dir.path(), LogOptions::default()).expect("a log");
        Self { dir, bus: Arc::new(log) }
    }

    fn publish(&self, citations: impl IntoIterator<Item = Citation>) {
        let records = citations.into_iter().map(|citation| Record {
            key: format!("{}/{}", citation.site, citation.violation),
            time: citation.event_time.0,
            id: Some(format!("{}/{}", citation.id, citation.revision)),
            value: citation.to_bytes().expect("a message"),
        });
        self.bus.append(Topic::Citations, records.collect()).expect("appended");
    }
}

fn secret() -> Secret {
    Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("a secret")
}

/// Short waits, so that a test sees many tries.
fn quick() -> Policy {
    Policy { wait_first_s: 1, wait_max_s: 2, probe_first_s: 1, probe_max_s: 1, ..Policy::default() }
}

/// Long enough for a busy machine to answer.
const TIMEOUT: Duration = Duration::from_secs(5);

fn start(place: &Place, urls: &[&str]) -> Webhooks {
    start_with(place, urls, TIMEOUT)
}

fn start_with(place: &Place, urls: &[&str], timeout: Duration) -> Webhooks {
    let endpoint = |url: &&str| Endpoint::new(url, vec![secret()], false).expect("an endpoint");
    let endpoints: Vec<Endpoint> = urls.iter().map(endpoint).collect();
    let options = SendOptions { timeout, ..SendOptions::default() };
    Webhooks::start(&place.bus, &endpoints, &options, quick(), &Clock::system()).expect("started")
}

fn until(what: &str, mut done: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(300);
    while !done() {
        assert!(Instant::now() < end, "{what} took too long");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn ids(citations: &[(u32, u32)]) -> Vec<String> {
    let id = |(number, revision): &(u32, u32)| {
        format!("{}/{revision}", CitationId::of(&OutcomeId(format!("{number:032x}"))))
    };
    citations.iter().map(id).collect()
}

/// Every message once in effect, and of each citation in order.
fn arrived(receiver: &Receiver, numbers: u32) {
    until("every message", || receiver.in_effect().len() == 2 * numbers as usize);
    let took = receiver.in_effect();
    let place = |id: &String| took.iter().position(|other| other == id).expect("it arrived");
    for number in 0..numbers {
        let both = ids(&[(number, 1), (number, 2)]);
        assert!(place(&both[0]) < place(&both[1]), "citation {number} in order");
    }
}

#[test]
fn each_failure_is_survived() {
    use Does::{ClosesMidAnswer, ClosesMidRequest, Fails, Hangs, Redirects, Takes, TakesAndCloses};
    let stories: [&'static [Does]; 6] = [
        &[Fails(500), Fails(503), Takes, Fails(404)],
        &[Hangs, Takes, Hangs],
        &[TakesAndCloses, TakesAndCloses],
        &[ClosesMidAnswer, ClosesMidAnswer, ClosesMidAnswer],
        &[ClosesMidRequest, Takes, ClosesMidRequest],
        &[Redirects, Takes, Redirects],
    ];
    let place = Place::new();
    let receivers: Vec<Receiver> = stories
        .iter()
        .map(|story| Receiver::start(|n| story.get(n).copied().unwrap_or(Takes)))
        .collect();
    for number in 0..8 {
        place.publish([citation(number, 1), citation(number, 2)]);
    }
    let urls: Vec<&str> = receivers.iter().map(|receiver| receiver.url.as_str()).collect();
    let webhooks = start(&place, &urls);
    for receiver in &receivers {
        arrived(receiver, 8);
    }
    // An answer that breaks off in its body had its status: nothing came twice for it.
    assert_eq!(receivers[3].requests().len(), 16);
    assert!(receivers[2].requests().len() > 16, "what was answered by nothing came again");
    until("the states", || webhooks.states().all().iter().all(|of| of.state.delivered == 16));
    assert!(webhooks.alive());
}

#[test]
fn messages_are_signed_events() {
    let place = Place::new();
    let receiver = Receiver::start(|_| Does::Takes);
    place.publish([citation(7, 1)]);
    let webhooks = start(&place, &[&receiver.url]);
    until("the message", || !receiver.requests().is_empty());
    drop(webhooks);
    let request = &receiver.requests()[0];
    let event = CloudEvent::parse(&request.body).expect("an event");
    assert_eq!(event.kind, "wayside.citation.v1");
    assert_eq!(event.id, request.header("webhook-id"));
    assert_eq!(ids(&[(7, 1)]), std::slice::from_ref(&event.id));
    assert_eq!(request.header("content-type"), "application/cloudevents+json; charset=UTF-8");
    let timestamp: i64 = request.header("webhook-timestamp").parse().expect("seconds");
    let right = signatures(&[secret()], &event.id, timestamp, &request.body);
    assert_eq!(request.header("webhook-signature"), right);
    assert!((Clock::system().now().0 / 1_000_000 - timestamp).abs() < 600);
}

#[test]
fn an_endpoint_that_hangs_holds_up_no_other() {
    let place = Place::new();
    let (hanging, well) = (Receiver::start(|_| Does::Hangs), Receiver::start(|_| Does::Takes));
    let webhooks = start_with(&place, &[&hanging.url, &well.url], Duration::from_millis(700));
    until("it hangs", || {
        place.publish([citation(99, 1)]);
        hanging.calls() > 0
    });
    for number in 0..50 {
        place.publish([citation(number, 1), citation(number, 2)]);
    }
    until("the other", || well.in_effect().len() == 101);
    until("the circuit", || webhooks.states().all()[0].state.open);
    assert_eq!(webhooks.states().all()[0].state.delivered, 0);
}

#[test]
fn a_receiver_that_was_down_and_a_sender_that_was_restarted() {
    let place = Place::new();
    let receiver = Receiver::start(|_| Does::Takes);
    let (port, url) = (receiver.port(), receiver.url.clone());
    drop(receiver);
    for number in 0..5 {
        place.publish([citation(number, 1), citation(number, 2)]);
    }
    let webhooks = start(&place, &[&url]);
    until("failures", || webhooks.states().all()[0].state.failed > 2);
    // The sender goes while nothing has arrived, and comes back.
    drop(webhooks);
    let webhooks = start(&place, &[&url]);
    until("failures", || webhooks.states().all()[0].state.failed > 2);
    let receiver = Receiver::again(port, |_| Does::Takes);
    arrived(&receiver, 5);
    until("the position", || webhooks.states().all()[0].state.held == 0);
    drop(webhooks);
    // What has arrived is not sent again, and what is new goes on.
    place.publish([citation(5, 1), citation(5, 2)]);
    let before = receiver.requests().len();
    let _webhooks = start(&place, &[&url]);
    arrived(&receiver, 6);
    assert_eq!(receiver.requests().len(), before + 2);
    assert!(place.dir.path().exists());
}

#[test]
fn an_endpoint_that_is_gone_is_left_alone_until_the_next_start() {
    let place = Place::new();
    let receiver = Receiver::start(|n| if n == 0 { Does::Fails(410) } else { Does::Takes });
    place.publish([citation(0, 1), citation(0, 2)]);
    let webhooks = start(&place, &[&receiver.url]);
    until("it is told", || webhooks.states().all()[0].state.gone);
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(receiver.calls(), 1);
    drop(webhooks);
    let _webhooks = start(&place, &[&receiver.url]);
    arrived(&receiver, 1);
}

#[test]
fn what_is_no_citation_becomes_a_dead_letter_and_holds_up_nothing() {
    let place = Place::new();
    let receiver = Receiver::start(|_| Does::Takes);
    let bad = Record { key: "junction/x".to_owned(), time: 1, id: None, value: vec![255; 9] };
    place.bus.append(Topic::Citations, vec![bad]).expect("appended");
    place.publish([citation(0, 1)]);
    let webhooks = start(&place, &[&receiver.url]);
    until("the message", || receiver.in_effect() == ids(&[(0, 1)]));
    drop(webhooks);
    let mut reader = place
        .bus
        .read_from(Topic::DeadLetter, wayside_bus::Partition(0), wayside_bus::Start::Begin)
        .expect("a reader");
    let letters = reader.read(10, 1 << 20, Duration::ZERO).expect("read");
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].id.as_deref(), Some("wayside.citations.v1/0/0"));
}
