//! Passages, travel times and receipts: what is written is read back the same, what breaks the contract is
//! refused, and a chain of receipts that was touched says where.

mod common;
#[path = "common/sections.rs"]
mod strategies;

use proptest::collection::vec;
use proptest::prelude::*;
use strategies::{passage, travel_time};
use wayside_proto::json::{parse_receipts, passage_line, receipt_line, travel_time_line};
use wayside_proto::{
    Abstention, ClockSource, Deletion, EventTime, MotorVehicleClass, Passage, PassageContent,
    PassingVehicle, Receipt, RunId, SectionEnd, SectionId, SiteId, Spread, TrackId, TravelTime,
    verify_chain, wire,
};

fn deletion() -> impl Strategy<Value = Deletion> {
    (0..9_000_u64, common::time(), 0..9_000_000_i64, common::time(), common::time()).prop_map(
        |(deleted, first, span, limit, when)| Deletion {
            deleted,
            span: (deleted > 0).then_some((first, EventTime(first.0 + span))),
            limit,
            when,
            policy: "expiry".to_owned(),
        },
    )
}

fn chain_of(deletions: Vec<Deletion>) -> Vec<Receipt> {
    let mut chain: Vec<Receipt> = Vec::new();
    for deletion in deletions {
        let receipt = Receipt::next(chain.last(), "index/A1", deletion);
        chain.push(receipt);
    }
    chain
}

proptest! {
    #[test]
    fn passages_survive_the_wire(passage in passage()) {
        let message = wire::Passage::try_from(&passage).expect("sound");
        prop_assert_eq!(Passage::try_from(message), Ok(passage));
    }

    #[test]
    fn travel_times_survive_the_wire(time in travel_time()) {
        let message = wire::TravelTime::try_from(&time).expect("sound");
        prop_assert_eq!(TravelTime::try_from(message), Ok(time));
    }

    #[test]
    fn receipts_survive_the_wire_and_the_line(deletions in vec(deletion(), 0..6)) {
        let chain = chain_of(deletions);
        let lines: String = chain.iter().map(|receipt| receipt_line(receipt) + "\n").collect();
        prop_assert_eq!(parse_receipts(&lines), Ok(chain.clone()));
        for receipt in chain {
            let message = wire::Receipt::try_from(&receipt).expect("sound");
            prop_assert_eq!(Receipt::try_from(message), Ok(receipt));
        }
    }

    #[test]
    fn a_whole_chain_holds_from_any_receipt_on(
        deletions in vec(deletion(), 1..8),
        from in any::<proptest::sample::Index>(),
    ) {
        let chain = chain_of(deletions);
        let from = from.index(chain.len());
        let summary = verify_chain(chain[from..].iter().cloned()).expect("whole");
        prop_assert_eq!(summary.first, from as u64);
        prop_assert_eq!(summary.receipts, (chain.len() - from) as u64);
        let deleted: u64 = chain[from..].iter().map(|receipt| receipt.deletion.deleted).sum();
        prop_assert_eq!(summary.deleted, deleted);
        prop_assert_eq!(summary.last_hash, chain[chain.len() - 1].hash);
    }

    #[test]
    fn any_touch_is_seen(
        deletions in vec(deletion(), 3..8),
        at in any::<proptest::sample::Index>(),
        how in 0..8_u8,
    ) {
        let mut chain = chain_of(deletions);
        // Of the first alone nobody can say that it is missing.
        let at = 1 + at.index(chain.len() - 2);
        match how {
            0 => { chain.remove(at); }
            1 => chain.swap(at, at + 1),
            2 => chain[at].deletion.deleted += 1,
            3 => chain[at].deletion.when.0 += 1,
            4 => chain[at].deletion.policy.push('x'),
            5 => chain[at].previous.0[31] ^= 1,
            6 => chain[at].hash.0[0] ^= 1,
            // With a hash that fits: what follows was made after another one.
            _ => {
                chain[at].deletion.deleted += 1;
                chain[at].hash = chain[at].computed();
            }
        }
        let error = verify_chain(chain).expect_err("touched");
        let expected = at as u64 + u64::from(how == 7);
        prop_assert_eq!(error.at, expected);
    }
}

fn sample() -> Passage {
    Passage {
        section: SectionId::from("A1"),
        end: SectionEnd::Entry,
        site: SiteId::from("junction"),
        camera: "south".into(),
        run: RunId::from("r1"),
        sequence: 4,
        time: EventTime(1_780_297_200_000_000),
        clock_source: ClockSource::Rtcp,
        clock_uncertainty_us: 2_000,
        expires: EventTime(1_780_297_800_000_000),
        content: PassageContent::Vehicle(PassingVehicle {
            track: TrackId(7),
            class: MotorVehicleClass::Car,
            class_confidence: 0.9,
            lane: Some("Nin_1".to_owned()),
            time_uncertainty_us: 31_000,
            speed_ms: 21.5,
            speed_sigma_ms: 0.6,
            embedding: vec![0.6, 0.8],
            looks: 3,
        }),
    }
}

#[test]
fn passages_that_break_the_contract_are_refused() {
    let refused = |change: fn(&mut wire::Passage)| {
        let mut message = wire::Passage::try_from(&sample()).expect("sound");
        change(&mut message);
        Passage::try_from(message).expect_err("refused").to_string()
    };
    fn vehicle(message: &mut wire::Passage) -> &mut wire::PassingVehicle {
        match &mut message.content {
            Some(wire::passage::Content::Vehicle(vehicle)) => vehicle,
            _ => panic!("a vehicle"),
        }
    }
    fn gap(message: &mut wire::Passage, from_us: i64, to_us: i64, cause: i32) {
        let gap = wire::Gap { from_us, to_us, cause, frames: 0 };
        message.content = Some(wire::passage::Content::Gap(gap));
    }
    let messages = [
        refused(|m| m.section = "A 1".to_owned()),
        refused(|m| m.end = 0),
        refused(|m| m.clock_source = 9),
        refused(|m| m.expires_us = m.time_us),
        refused(|m| m.expires_us = m.time_us + 3_601_000_000),
        refused(|m| m.content = None),
        refused(|m| vehicle(m).class = wire::RoadUserClass::Person.into()),
        refused(|m| vehicle(m).class = wire::RoadUserClass::Bicycle.into()),
        refused(|m| vehicle(m).class_confidence = 1.5),
        refused(|m| vehicle(m).speed_ms = -1.0),
        refused(|m| vehicle(m).speed_ms = 300.0),
        refused(|m| vehicle(m).speed_sigma_ms = f64::NAN),
        refused(|m| vehicle(m).embedding.clear()),
        refused(|m| vehicle(m).embedding = vec![1.0 / 34.0; 1_156]),
        refused(|m| vehicle(m).embedding[1] = f32::NAN),
        refused(|m| vehicle(m).embedding[1] = 0.7),
        refused(|m| vehicle(m).looks = 0),
        refused(|m| gap(m, 5, 4, 1)),
        refused(|m| gap(m, 5, m.time_us + 1, 1)),
        refused(|m| gap(m, 5, 6, 0)),
    ];
    insta::assert_snapshot!(messages.join("\n"));
}

#[test]
fn travel_times_that_break_the_contract_are_refused() {
    let spread = Spread { median: 54.0, lower_quartile: 51.0, upper_quartile: 58.5 };
    let sample = TravelTime {
        section: SectionId::from("A1"),
        time: EventTime(1_780_297_200_000_000),
        window_s: 60,
        matched: 3,
        entered: 5,
        left: 4,
        abstained: vec![(Abstention::Ambiguous, 1)],
        travel_time_s: Some(spread),
        mean_speed_ms: Some(spread),
    };
    let refused = |change: fn(&mut wire::TravelTime)| {
        let mut message = wire::TravelTime::try_from(&sample).expect("sound");
        change(&mut message);
        TravelTime::try_from(message).expect_err("refused").to_string()
    };
    let messages = [
        refused(|m| m.window_s = 0),
        refused(|m| m.left = 5),
        refused(|m| m.abstained[0].cause = "fog".to_owned()),
        refused(|m| m.abstained.push(m.abstained[0].clone())),
        refused(|m| m.travel_time_s = None),
        refused(|m| (m.matched, m.left) = (2, 3)),
        refused(|m| m.mean_speed_ms.as_mut().expect("a spread").median = 50.0),
        refused(|m| m.mean_speed_ms.as_mut().expect("a spread").upper_quartile = f64::INFINITY),
    ];
    insta::assert_snapshot!(messages.join("\n"));
}

fn receipts() -> Vec<Receipt> {
    let deletion = |number: i64| Deletion {
        deleted: 10 + number as u64,
        span: Some((EventTime(1_780_297_200_000_000), EventTime(1_780_297_260_000_000))),
        limit: EventTime(1_780_297_300_000_000 + number),
        when: EventTime(1_780_297_900_000_000 + number * 60_000_000),
        policy: "expiry".to_owned(),
    };
    chain_of((0..6).map(deletion).collect())
}

#[test]
fn chains_say_what_is_wrong() {
    let broken = |change: fn(&mut Vec<Receipt>)| {
        let mut chain = receipts();
        change(&mut chain);
        verify_chain(chain).expect_err("broken").to_string()
    };
    let messages = [
        broken(|c| drop(c.remove(2))),
        broken(|c| drop(c.drain(2..4))),
        broken(|c| c.swap(2, 3)),
        broken(|c| c.insert(3, c[2].clone())),
        broken(|c| c[4].deletion.deleted = 3),
        broken(|c| {
            c[2].deletion.deleted = 3;
            c[2].hash = c[2].computed();
        }),
        broken(|c| {
            c[0].previous.0[0] = 1;
            c[0].hash = c[0].computed();
        }),
        broken(|c| c[3].what = "index/B2".to_owned()),
    ];
    insta::assert_snapshot!(messages.join("\n"));
}

#[test]
fn an_empty_chain_is_whole() {
    let summary = verify_chain([]).expect("nothing is wrong");
    assert_eq!((summary.receipts, summary.deleted, summary.when), (0, 0, None));
}

#[test]
fn lines_are_pinned() {
    let spread = Spread { median: 54.0, lower_quartile: 51.25, upper_quartile: 58.5 };
    let mark = Passage { content: PassageContent::Mark, ..sample() };
    let time = TravelTime {
        section: SectionId::from("A1"),
        time: EventTime(1_780_297_200_000_000),
        window_s: 60,
        matched: 3,
        entered: 5,
        left: 4,
        abstained: vec![(Abstention::Ambiguous, 1)],
        travel_time_s: Some(spread),
        mean_speed_ms: None,
    };
    let lines = [
        passage_line(&sample()),
        passage_line(&mark),
        travel_time_line(&time),
        receipt_line(&receipts()[0]),
    ];
    assert!(!lines[0].contains("0.8"), "an embedding is not written as text");
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn lines_that_are_no_receipts_say_why() {
    let good = receipt_line(&receipts()[0]);
    let refused =
        |line: String| parse_receipts(&format!("\n{line}")).expect_err("refused").to_string();
    let messages = [
        refused("{}".to_owned()),
        refused(good.replace("\"deleted\":10", "\"deleted\":\"10\"")),
        refused(good.replace("\"limit\":\"2026", "\"limit\":\"26")),
        refused(good.replace("\"previous\":\"00", "\"previous\":\"0x")),
    ];
    insta::assert_snapshot!(messages.join("\n"));
}
