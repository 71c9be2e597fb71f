//! SG-1, tried with anything: whatever comes in whatever order, no sign shows a message past its expiry
//! or without a living source, and the same input gives the same actions.

use proptest::collection::vec;
use proptest::prelude::*;
use wayside_proto::{EventTime, SignContent, SignId, SignMessage, SignMessageId, SignText, SiteId};
use wayside_signs::{Action, Arbiter, Limits, Show};

const TIMEOUT_S: f64 = 12.0;

#[derive(Clone, Debug)]
enum Input {
    /// Source, slot, priority, begin and life relative to now (tenths of a second), said this long ago.
    Text(u8, u8, u8, i64, i64, i64),
    /// Source; said this long ago.
    Beat(u8, i64),
    /// Something that came before comes again.
    Again(usize),
    /// The clock goes on, or jumps.
    Wait(i64),
    Tick,
}

fn input() -> impl Strategy<Value = Input> {
    prop_oneof![
        4 => (0..3_u8, 0..4_u8, 1..4_u8, -60..30_i64, 1..400_i64, -80..200_i64)
            .prop_map(|(source, slot, priority, begin, life, ago)| {
                Input::Text(source, slot, priority, begin, life, ago)
            }),
        4 => (0..3_u8, -80..200_i64).prop_map(|(source, ago)| Input::Beat(source, ago)),
        3 => (0..64_usize).prop_map(Input::Again),
        6 => (1..40_i64).prop_map(Input::Wait),
        1 => (-2_000..2_000_i64).prop_map(Input::Wait),
        8 => Just(Input::Tick),
    ]
}

fn ds(tenths: i64) -> i64 {
    tenths * 100_000
}

/// What happens, with its instant; the same for the same inputs.
fn world(inputs: &[Input]) -> Vec<(EventTime, Option<SignMessage>)> {
    let mut now = EventTime(1_780_300_000_000_000);
    let mut past: Vec<SignMessage> = Vec::new();
    let mut events = Vec::new();
    let (site, sign) = (SiteId::from("junction"), SignId::from("north"));
    for (number, input) in inputs.iter().enumerate() {
        let message = |source: u8, ago: i64, content: SignContent| SignMessage {
            site: site.clone(),
            sign: sign.clone(),
            source: format!("source-{source}"),
            time: EventTime(now.0 - ds(ago)),
            content,
        };
        match input {
            Input::Text(source, slot, priority, begin, life, ago) => {
                let not_before = EventTime(now.0 + ds(*begin));
                let text = SignText {
                    id: SignMessageId(format!("{number:032x}")),
                    slot: format!("slot-{slot}"),
                    priority: *priority,
                    not_before,
                    expires: EventTime(not_before.0 + ds(*life)),
                    lines: vec![number.to_string()],
                    multi: String::new(),
                    pictogram: None,
                };
                past.push(message(*source, *ago, SignContent::Text(text)));
                events.push((now, past.last().cloned()));
            }
            Input::Beat(source, ago) => {
                past.push(message(*source, *ago, SignContent::Alive));
                events.push((now, past.last().cloned()));
            }
            Input::Again(which) => {
                if let Some(message) = past.get(which % past.len().max(1)) {
                    events.push((now, Some(message.clone())));
                }
            }
            Input::Wait(tenths) => now = EventTime(now.0 + ds(*tenths)),
            Input::Tick => events.push((now, None)),
        }
    }
    events
}

fn run(events: &[(EventTime, Option<SignMessage>)], limits: Limits) -> Vec<(EventTime, Action)> {
    let mut sign = Arbiter::new(SiteId::from("junction"), SignId::from("north"), limits);
    let mut done = Vec::new();
    for (now, message) in events {
        match message {
            Some(message) => {
                let _ = sign.receive(message, *now);
            }
            None => done.extend(sign.tick(*now).into_iter().map(|action| (*now, action))),
        }
    }
    done
}

/// Holds the promise of one `Show` against everything that came before it.
fn is_true(
    now: EventTime,
    show: &Show,
    before: &[(EventTime, Option<SignMessage>)],
    limits: &Limits,
) {
    let text = &show.text;
    assert!(
        text.not_before <= now && now < text.expires,
        "shown outside its time: {show:?} at {now:?}"
    );
    assert!(show.until <= text.expires && show.until > now, "told too much: {show:?} at {now:?}");
    assert!(show.until.since_s(now) <= limits.lease_s, "a lease too long: {show:?} at {now:?}");
    let living = before.iter().filter_map(|(_, message)| message.as_ref()).any(|message| {
        let age_s = now.since_s(message.time);
        message.source == show.source && (-limits.ahead_s_max..TIMEOUT_S).contains(&age_s)
    });
    assert!(living, "shown without a living source: {show:?} at {now:?}");
    let sent = before.iter().filter_map(|(_, message)| message.as_ref());
    let same = |message: &&SignMessage| message.content == SignContent::Text(text.clone());
    assert!(sent.filter(same).count() > 0, "shown and never sent: {show:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn never_past_its_expiry_and_never_without_a_living_source(
        inputs in vec(input(), 1..120),
        minutes in any::<bool>(),
    ) {
        let limits = if minutes { Limits::minutes(TIMEOUT_S) } else { Limits::page(TIMEOUT_S) };
        let events = world(&inputs);
        let mut sign = Arbiter::new(SiteId::from("junction"), SignId::from("north"), limits);
        // What a sign shows that hears nothing but the actions, and ends a message by its own timer.
        let mut face: Option<Show> = None;
        for (index, (now, message)) in events.iter().enumerate() {
            match message {
                Some(message) => {
                    let _ = sign.receive(message, *now);
                }
                None => for action in sign.tick(*now) {
                    match action {
                        Action::Show(show) => {
                            is_true(*now, &show, &events[..index], &limits);
                            face = Some(show);
                        }
                        Action::Blank(_) => face = None,
                    }
                },
            }
            if message.is_none() {
                // The sign itself, after the look: nothing that has ended, nothing else than was told.
                let on_face = face.as_ref().map(|show| &show.text.id);
                prop_assert_eq!(on_face, sign.shown().map(|show| &show.text.id));
                if let Some(show) = &face {
                    prop_assert!(*now < show.text.expires, "{:?} stands at {:?}", show, now);
                }
            }
        }
    }

    #[test]
    fn the_same_input_gives_the_same_actions(inputs in vec(input(), 1..120)) {
        let events = world(&inputs);
        prop_assert_eq!(run(&events, Limits::page(TIMEOUT_S)), run(&events, Limits::page(TIMEOUT_S)));
    }

    /// Two programs that hear the same in another order, some of it twice, show the same.
    #[test]
    fn order_and_repetition_do_not_matter(
        texts in vec((0..3_u8, 0..3_u8, 1..4_u8, 0..50_i64, 20..400_i64), 1..20),
        shuffle in any::<u64>(),
    ) {
        let inputs: Vec<Input> = texts.iter().map(|(source, slot, priority, ago, life)| {
            Input::Text(*source, *slot, *priority, -ago, *life, 0)
        }).collect();
        let events = world(&inputs);
        let mut other = events.clone();
        let mut state = shuffle | 1;
        for index in (1..other.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            other.swap(index, (state >> 33) as usize % (index + 1));
        }
        other.extend(other.clone());
        let last = events[0].0;
        for tenths in (0..400).step_by(7) {
            let now = EventTime(last.0 + ds(tenths));
            events_tick(&mut other, now);
        }
        let mut first = events;
        for tenths in (0..400).step_by(7) {
            let now = EventTime(last.0 + ds(tenths));
            events_tick(&mut first, now);
        }
        prop_assert_eq!(run(&first, Limits::page(TIMEOUT_S)), run(&other, Limits::page(TIMEOUT_S)));
    }
}

/// Everybody is still there, and a look.
fn events_tick(events: &mut Vec<(EventTime, Option<SignMessage>)>, now: EventTime) {
    for source in 0..3 {
        let beat = SignMessage {
            site: SiteId::from("junction"),
            sign: SignId::from("north"),
            source: format!("source-{source}"),
            time: now,
            content: SignContent::Alive,
        };
        events.push((now, Some(beat)));
    }
    events.push((now, None));
}
