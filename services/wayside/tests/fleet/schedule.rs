//! What happens to a fleet, and when: drawn from a seed before it begins.

/// Something that happens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Blow {
    /// SIGKILL of the enforcer in this place; another follows at once, under its name or a new one.
    Kill { place: usize, renamed: bool },
    /// The same with SIGTERM: it ends in order.
    Stop { place: usize },
    /// One enforcer more, for a while.
    Join,
    /// It goes in order.
    Leave,
    /// SIGKILL of the broker, and its start after a second.
    BrokerKill,
    /// The broker answers nobody for so many seconds.
    BrokerPause { seconds: f64 },
    /// SIGKILL of the publisher. Another publishes everything again from this second of event time on.
    PublisherKill { from_s: u32 },
}

/// Seconds after the beginning, and what happens then, in order.
pub type Schedule = Vec<(f64, Blow)>;

/// A process of so many every 2 to 4 s until `end_s`, beside what else is planned.
pub fn schedule(seed: u64, places: usize, end_s: f64, planned: &[(f64, Blow)]) -> Schedule {
    let mut chance = seed;
    let mut all = planned.to_vec();
    let mut at_s = 0.0;
    loop {
        at_s += 2.0 + 2.0 * mix(&mut chance);
        if at_s >= end_s {
            break;
        }
        let place = (mix(&mut chance) * places as f64) as usize;
        let (kind, renamed) = (mix(&mut chance), mix(&mut chance) < 0.3);
        let blow = if kind < 0.15 { Blow::Stop { place } } else { Blow::Kill { place, renamed } };
        all.push((at_s, blow));
    }
    all.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    all
}

/// SplitMix64 (Steele, Lea and Flood 2014): 0 to 1, the same for the same seed.
fn mix(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

#[test]
fn a_schedule_is_the_same_for_the_same_seed_and_in_order() {
    let planned = [(5.0, Blow::BrokerKill), (1.0, Blow::Join)];
    let first = schedule(1, 3, 300.0, &planned);
    assert_eq!(first, schedule(1, 3, 300.0, &planned));
    assert_ne!(first, schedule(2, 3, 300.0, &planned));
    assert!(first.windows(2).all(|pair| pair[0].0 <= pair[1].0));
    assert!((75..=152).contains(&first.len()), "{}", first.len());
    for place in 0..3 {
        for renamed in [false, true] {
            assert!(first.iter().any(|(_, blow)| *blow == Blow::Kill { place, renamed }));
        }
    }
}
