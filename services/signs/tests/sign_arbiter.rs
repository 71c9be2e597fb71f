//! What a sign shows when something goes wrong: source gone, clock wrong, two sources, messages that come
//! again. One test a case; `sign_properties.rs` tries the rest.

use wayside_proto::{EventTime, SignContent, SignId, SignMessage, SignMessageId, SignText, SiteId};
use wayside_signs::{Action, Arbiter, Limits, Refused, Show, Why};

const T0: EventTime = EventTime(1_780_300_000_000_000);

fn at(seconds: f64) -> EventTime {
    T0.plus_s(seconds)
}

fn arbiter() -> Arbiter {
    Arbiter::new(SiteId::from("junction"), SignId::from("north"), Limits::page(15.0))
}

fn text(slot: &str, priority: u8, from_s: f64, life_s: f64) -> SignText {
    let (site, sign) = (SiteId::from("junction"), SignId::from("north"));
    SignText {
        id: SignMessageId::of(&site, &sign, slot, at(from_s)),
        slot: slot.to_owned(),
        priority,
        not_before: at(from_s),
        expires: at(from_s + life_s),
        lines: vec![slot.to_uppercase()],
        multi: String::new(),
        pictogram: None,
    }
}

fn says(source: &str, said_s: f64, text: SignText) -> SignMessage {
    SignMessage {
        site: SiteId::from("junction"),
        sign: SignId::from("north"),
        source: source.to_owned(),
        time: at(said_s),
        content: SignContent::Text(text),
    }
}

/// What it shows: the slot, and until when in seconds.
fn shown(actions: &[Action]) -> Vec<String> {
    let one = |action: &Action| match action {
        Action::Show(Show { text, until, .. }) => {
            format!("{} until {}", text.slot, until.since_s(T0))
        }
        Action::Blank(why) => format!("blank: {}", why.as_str()),
    };
    actions.iter().map(one).collect()
}

#[test]
fn the_first_look_blanks_whatever_was_there() {
    let mut sign = arbiter();
    assert_eq!(shown(&sign.tick(at(0.0))), ["blank: no_source"]);
    assert_eq!(sign.tick(at(0.1)), []);
    assert_eq!(sign.why_blank(), Some(Why::NoSource));
}

#[test]
fn a_message_is_shown_from_its_begin_to_its_end() {
    let mut sign = arbiter();
    sign.tick(at(0.0));
    assert_eq!(sign.receive(&says("a", 0.0, text("queue", 5, 1.0, 4.0)), at(0.0)), Ok(()));
    assert_eq!(sign.tick(at(0.9)), []);
    assert_eq!(shown(&sign.tick(at(1.0))), ["queue until 5"]);
    assert_eq!(sign.tick(at(4.9)), []);
    assert_eq!(shown(&sign.tick(at(5.0))), ["blank: expired"]);
    // And that is why it stays so.
    assert_eq!(sign.tick(at(5.1)), []);
    assert_eq!(sign.why_blank(), Some(Why::Expired));
}

#[test]
fn a_source_that_falls_silent_takes_its_messages_along() {
    let mut sign = arbiter();
    assert_eq!(sign.receive(&says("a", 0.0, text("queue", 5, 0.0, 600.0)), at(0.0)), Ok(()));
    assert_eq!(shown(&sign.tick(at(0.0))), ["queue until 10"]);
    assert_eq!(shown(&sign.tick(at(5.0))), ["queue until 15"]);
    assert_eq!(sign.tick(at(14.9)), []);
    assert_eq!(shown(&sign.tick(at(15.0))), ["blank: no_source"]);
    // It is back: what it said before is not.
    assert_eq!(sign.heard("a", at(16.0), at(16.0)), Ok(()));
    assert_eq!(sign.tick(at(16.0)), []);
    let again = says("a", 0.0, text("queue", 5, 0.0, 600.0));
    assert_eq!(sign.receive(&again, at(16.0)), Err(Refused::Duplicate));
    assert_eq!(sign.tick(at(16.1)), []);
    assert_eq!(sign.receive(&says("a", 17.0, text("queue", 5, 17.0, 60.0)), at(17.0)), Ok(()));
    assert_eq!(shown(&sign.tick(at(17.0))), ["queue until 27"]);
}

#[test]
fn signs_of_life_keep_a_message_and_old_ones_do_not() {
    let mut sign = arbiter();
    assert_eq!(sign.receive(&says("a", 0.0, text("queue", 5, 0.0, 600.0)), at(0.0)), Ok(()));
    sign.tick(at(0.0));
    assert_eq!(sign.heard("a", at(10.0), at(10.0)), Ok(()));
    // The same sign of life, delivered again much later: it proves that the source lived at 10 s.
    assert_eq!(sign.heard("a", at(10.0), at(19.0)), Ok(()));
    assert_eq!(shown(&sign.tick(at(20.0))), ["queue until 25"]);
    assert_eq!(shown(&sign.tick(at(25.0))), ["blank: no_source"]);
    assert_eq!(sign.heard("a", at(10.0), at(25.1)), Err(Refused::Late));
    assert_eq!(sign.heard("a", at(40.0), at(25.2)), Err(Refused::Ahead));
    assert_eq!(sign.tick(at(25.3)), []);
}

#[test]
fn an_expired_message_that_comes_again_is_not_shown() {
    let mut sign = arbiter();
    let message = says("a", 0.0, text("red_light", 5, 0.0, 5.0));
    assert_eq!(sign.receive(&message, at(0.0)), Ok(()));
    sign.tick(at(0.0));
    sign.tick(at(5.0));
    assert_eq!(sign.heard("a", at(6.0), at(6.0)), Ok(()));
    assert_eq!(sign.receive(&message, at(6.0)), Err(Refused::Expired));
    // Nor where the sign's process was started meanwhile and has never seen it.
    let mut new = arbiter();
    assert_eq!(new.receive(&message, at(6.0)), Err(Refused::Expired));
    assert_eq!(shown(&new.tick(at(6.0))), ["blank: no_source"]);
    assert_eq!(sign.tick(at(6.0)), []);
}

#[test]
fn a_superseded_message_that_comes_again_is_not_shown() {
    let mut sign = arbiter();
    let (old, new) = (text("travel_time", 5, 0.0, 600.0), text("travel_time", 5, 60.0, 60.0));
    assert_eq!(sign.receive(&says("a", 0.0, old), at(0.0)), Ok(()));
    for second in (0..=60).step_by(5) {
        assert_eq!(sign.heard("a", at(f64::from(second)), at(f64::from(second))), Ok(()));
        sign.tick(at(f64::from(second)));
    }
    assert_eq!(sign.receive(&says("a", 60.0, new), at(60.0)), Ok(()));
    assert_eq!(shown(&sign.tick(at(60.1))), ["travel_time until 70.1"]);
    // Another that began before it, which nobody has seen yet: delivered late.
    let late = says("a", 30.0, text("travel_time", 9, 30.0, 600.0));
    assert_eq!(sign.receive(&late, at(61.0)), Err(Refused::Superseded));
    for second in (65..=115).step_by(5) {
        assert_eq!(sign.heard("a", at(f64::from(second)), at(f64::from(second))), Ok(()));
        sign.tick(at(f64::from(second)));
    }
    // The new one ends before the old one would have: the old one does not come back.
    assert_eq!(shown(&sign.tick(at(120.0))), ["blank: expired"]);
}

#[test]
fn of_two_sources_one_message_is_shown_whoever_comes_first() {
    let calm = says("a", 0.0, text("travel_time", 20, 0.0, 300.0));
    let warning = says("b", 1.0, text("wrong_way", 250, 1.0, 8.0));
    let later = says("c", 1.5, text("queue", 20, 1.5, 300.0));
    let mut seen = Vec::new();
    for order in [[&calm, &warning, &later], [&later, &calm, &warning], [&warning, &later, &calm]] {
        let mut sign = arbiter();
        for message in order {
            assert_eq!(sign.receive(message, at(2.0)), Ok(()));
        }
        let mut all = shown(&sign.tick(at(2.0)));
        all.extend(shown(&sign.tick(at(9.5))));
        seen.push(all);
    }
    // The higher priority, then the one that began last.
    assert_eq!(seen[0], ["wrong_way until 9", "queue until 16.5"]);
    assert!(seen.iter().all(|all| *all == seen[0]), "{seen:?}");
}

#[test]
fn a_source_whose_clock_is_ahead_is_not_believed() {
    let mut sign = arbiter();
    let message = says("a", 60.0, text("queue", 5, 60.0, 60.0));
    assert_eq!(sign.receive(&message, at(0.0)), Err(Refused::Ahead));
    assert_eq!(shown(&sign.tick(at(0.0))), ["blank: no_source"]);
}

#[test]
fn a_clock_that_goes_back_blanks_the_sign() {
    let mut sign = arbiter();
    let message = says("a", 100.0, text("queue", 5, 100.0, 60.0));
    assert_eq!(sign.receive(&message, at(100.0)), Ok(()));
    assert_eq!(shown(&sign.tick(at(100.0))), ["queue until 110"]);
    // Two threads that look at the clock: no step.
    assert_eq!(sign.tick(at(99.8)), []);
    assert_eq!(shown(&sign.tick(at(40.0))), ["blank: clock_back"]);
    assert_eq!(sign.why_blank(), Some(Why::ClockBack));
    // Neither what was there, nor what was said before, comes back, whatever the clock then shows.
    for second in 41..=120 {
        let now = at(f64::from(second));
        let _ = sign.receive(&message, now);
        assert_eq!(sign.tick(now), [], "at {second} s");
    }
    let fresh = says("a", 121.0, text("queue", 5, 121.0, 60.0));
    assert_eq!(sign.receive(&fresh, at(121.0)), Ok(()));
    assert_eq!(shown(&sign.tick(at(121.0))), ["queue until 131"]);
}

#[test]
fn after_a_step_back_new_messages_show_though_older_ones_were_said_later() {
    let mut sign = arbiter();
    let message = says("a", 100.0, text("queue", 5, 100.0, 60.0));
    assert_eq!(sign.receive(&message, at(100.0)), Ok(()));
    sign.tick(at(100.0));
    assert_eq!(shown(&sign.tick(at(40.0))), ["blank: clock_back"]);
    let fresh = says("a", 41.0, text("queue", 5, 41.0, 8.0));
    assert_eq!(sign.receive(&fresh, at(41.0)), Ok(()));
    assert_eq!(shown(&sign.tick(at(41.0))), ["queue until 49"]);
}

#[test]
fn a_clock_that_jumps_ahead_blanks_the_sign() {
    let mut sign = arbiter();
    assert_eq!(sign.receive(&says("a", 0.0, text("queue", 5, 0.0, 3_600.0)), at(0.0)), Ok(()));
    sign.tick(at(0.0));
    assert_eq!(shown(&sign.tick(at(60.0))), ["blank: clock_ahead"]);
    // What was said before the jump, and comes only now.
    let late = says("a", 59.0, text("red_light", 5, 59.0, 60.0));
    assert_eq!(sign.receive(&late, at(60.1)), Err(Refused::BeforeJump));
    assert_eq!(sign.heard("a", at(59.5), at(60.1)), Err(Refused::BeforeJump));
    assert_eq!(sign.tick(at(60.2)), []);
    assert_eq!(sign.receive(&says("a", 61.0, text("queue", 5, 61.0, 9.0)), at(61.0)), Ok(()));
    assert_eq!(shown(&sign.tick(at(61.0))), ["queue until 70"]);
}

#[test]
fn a_sign_that_counts_minutes_is_never_told_more_than_the_message_has() {
    let (site, sign) = (SiteId::from("junction"), SignId::from("north"));
    let mut sign = Arbiter::new(site, sign, Limits::minutes(15.0));
    let beat = |sign: &mut Arbiter, s: f64| sign.heard("a", at(s), at(s));
    assert_eq!(sign.receive(&says("a", 0.0, text("queue", 5, 0.0, 200.0)), at(0.0)), Ok(()));
    assert_eq!(shown(&sign.tick(at(0.0))), ["queue until 150"]);
    let mut told = Vec::new();
    for second in 1..=200 {
        beat(&mut sign, f64::from(second)).expect("alive");
        for action in shown(&sign.tick(at(f64::from(second)))) {
            told.push(format!("{second}: {action}"));
        }
    }
    assert_eq!(told, ["75: queue until 200", "200: blank: expired"]);
    // What could not be ended within a minute is not begun.
    assert_eq!(
        sign.receive(&says("a", 201.0, text("red_light", 9, 201.0, 69.0)), at(201.0)),
        Ok(())
    );
    assert_eq!(sign.tick(at(201.0)), []);
}

#[test]
fn another_signs_message_is_not_shown() {
    let mut sign = arbiter();
    let message =
        SignMessage { sign: SignId::from("south"), ..says("a", 0.0, text("queue", 5, 0.0, 60.0)) };
    assert_eq!(sign.receive(&message, at(0.0)), Err(Refused::OtherSign));
}

#[test]
fn a_flood_is_bounded_and_keeps_what_counts() {
    let mut sign = arbiter();
    let warning = says("a", 0.0, text("wrong_way", 250, 0.0, 60.0));
    assert_eq!(sign.receive(&warning, at(0.0)), Ok(()));
    let mut full = 0;
    for number in 0..10_000 {
        let message = says("b", 0.0, text(&format!("noise{number}"), 10, 0.0, 60.0));
        full += u32::from(sign.receive(&message, at(0.0)) == Err(Refused::Full));
    }
    assert!(full > 0);
    for number in 0..100 {
        let _ = sign.heard(&format!("source{number}"), at(0.0), at(0.0));
    }
    assert_eq!(sign.heard("one too many", at(0.0), at(0.0)), Err(Refused::Full));
    assert_eq!(shown(&sign.tick(at(0.1))), ["wrong_way until 10.1"]);
}
