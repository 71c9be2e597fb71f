//! Processes, brokers and publishers are killed: the outcomes are those of an undisturbed run, none lost and
//! none doubled (BU-1, EV-1).

use std::path::Path;

use wayside_broker::{Broker, BrokerOptions, whatever_the_broker_forgets};

use crate::city::City;
use crate::disturb::{Field, Fleet, Told};
use crate::letters::letters;
use crate::outcomes::Outcomes;
use crate::place::Place;
use crate::schedule::{Blow, Schedule, schedule};
use crate::turn;

const PARTITIONS: u32 = 6;
const MEMBERS: usize = 3;

/// The group and open transactions give a dead process up sooner than they usually do (10 s), so that in
/// half a minute some work is done between kills.
const HASTY: &str = "session.timeout.ms=4000\nheartbeat.interval.ms=500\n";
const HASTY_BROKER: [(&str, &str); 2] = [
    ("group.min.session.timeout.ms", "1000"),
    ("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000"),
];

#[test]
fn half_a_minute_of_kills_leaves_no_trace() {
    if wayside_broker::skip() {
        return;
    }
    // The publisher first: a slow machine must not let it publish everything before.
    let planned = [(1.5, Blow::PublisherKill { from_s: 0 }), (17.0, Blow::BrokerKill)];
    let schedule = schedule(3, MEMBERS, 28.0, &planned);
    disturbed(City { cameras: 20, seconds: 120, seed: 3 }, 5.0, &schedule, true);
}

#[test]
#[ignore = "takes minutes; see make soak"]
fn soak_kills_leave_no_trace() {
    if wayside_broker::skip() {
        return;
    }
    let planned = [
        (30.0, Blow::PublisherKill { from_s: 0 }),
        (60.0, Blow::BrokerKill),
        (90.0, Blow::Join),
        (130.0, Blow::Leave),
        (150.0, Blow::BrokerPause { seconds: 5.0 }),
        (180.0, Blow::PublisherKill { from_s: 60 }),
        (220.0, Blow::BrokerKill),
    ];
    let schedule = schedule(11, MEMBERS, 300.0, &planned);
    disturbed(City { cameras: 200, seconds: 240, seed: 11 }, 1.0, &schedule, false);
}

/// Publishes a city while a fleet judges it and suffers; compares with one enforcer over the embedded log
/// to which nothing happens, and in the long form with one over Kafka.
fn disturbed(city: City, speed: f64, schedule: &Schedule, hasty: bool) {
    let _turn = turn();
    let dir = tempfile::tempdir().unwrap();
    let sites = city.sites(dir.path());
    let embedded = Place::Embedded(dir.path().join("log"));
    let published = city.publish(&embedded);
    embedded.judge(&sites, dir.path());
    let undisturbed = Outcomes::read(&*embedded.open());
    assert!(undisturbed.violations().count() > 0, "no violations: nothing is tested");
    println!(
        "{} observations; undisturbed: {} outcomes, {} of them violations",
        published["observations"],
        undisturbed.all.len(),
        undisturbed.violations().count()
    );

    let properties: &[(&str, &str)] = if hasty { &HASTY_BROKER } else { &[] };
    let properties = properties.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let options = BrokerOptions { properties, ..BrokerOptions::default() };
    let suffering = |broker: &Broker| {
        if !hasty {
            calm(broker, city, &sites, dir.path(), &undisturbed);
        }
        let mut place = Place::on(broker, "", PARTITIONS);
        if hasty {
            place = place.with(dir.path(), HASTY);
        }
        let (place, partitions) = (&place, PARTITIONS);
        let field =
            Field { broker, place, partitions, city, sites: sites.clone(), dir: dir.path(), speed };
        let told = Fleet::start(field, MEMBERS).endure(schedule);
        let bus = place.open();
        let outcomes = Outcomes::read(&*bus);
        say(&told, broker, &outcomes, &undisturbed, f64::from(city.cameras) * 10.0 * speed);
        outcomes.assert_same(&undisturbed);
        assert!(letters(&*bus).is_empty());
    };
    whatever_the_broker_forgets(&options, suffering).unwrap();
}

/// One enforcer over Kafka to which nothing happens.
fn calm(broker: &Broker, city: City, sites: &Path, dir: &Path, undisturbed: &Outcomes) {
    let place = Place::on(broker, "calm.", PARTITIONS);
    city.publish(&place);
    place.judge(sites, dir);
    Outcomes::read(&*place.open()).assert_same(undisturbed);
    println!("undisturbed over Kafka: the same");
}

/// Figures for people.
fn say(told: &Told, broker: &Broker, outcomes: &Outcomes, undisturbed: &Outcomes, lag: f64) {
    let kind = |of: &dyn Fn(&Blow) -> bool| told.blows.iter().filter(|(_, blow)| of(blow)).count();
    let is_kill = |blow: &Blow| matches!(blow, Blow::Kill { .. });
    let log = std::fs::read_to_string(broker.log_file()).unwrap();
    let differences = outcomes.differences(undisturbed);
    let of = |word: &str| differences.iter().filter(|line| line.starts_with(word)).count();
    println!(
        "{:.0} s: {} kills of enforcers ({} under a new name), {} stopped in order, {} kills of the broker, {} \
         pauses, {} kills of the publisher; {} rebalances",
        told.took_s,
        kind(&is_kill),
        kind(&|blow| matches!(blow, Blow::Kill { renamed: true, .. })),
        kind(&|blow| matches!(blow, Blow::Stop { .. } | Blow::Leave)),
        kind(&|blow| *blow == Blow::BrokerKill),
        kind(&|blow| matches!(blow, Blow::BrokerPause { .. })),
        kind(&|blow| matches!(blow, Blow::PublisherKill { .. })),
        log.lines().filter(|line| line.contains("Stabilized group")).count(),
    );
    println!(
        "{} outcomes, {} of them violations; {} lost, {} surplus, {} doubled, {} with other bytes",
        outcomes.all.len(),
        outcomes.violations().count(),
        of("lost"),
        of("surplus"),
        of("doubled"),
        of("other bytes"),
    );
    let recoveries = told.recoveries(PARTITIONS, lag, is_kill);
    let mut times: Vec<f64> = recoveries.iter().flatten().copied().collect();
    times.sort_by(f64::total_cmp);
    println!(
        "after a kill every partition judged again and at most {lag:.0} records waiting: {} of {} times before \
         the next blow, then within {:.1} s (median), {:.1} s (most); after the last kill within {:.1} s",
        times.len(),
        recoveries.len(),
        times.get(times.len() / 2).copied().unwrap_or(f64::NAN),
        times.last().copied().unwrap_or(f64::NAN),
        recoveries.last().copied().flatten().unwrap_or(f64::NAN),
    );
    let most = told.looks.iter().map(|(_, standing)| standing.lag).fold(0.0, f64::max);
    println!(
        "at most {most:.0} records waited; all was judged {:.1} s after the last message (3 s of them to be sure); \
         ends in order took {:?} s",
        told.settled_s,
        told.stops_s.iter().map(|s| (s * 10.0).round() / 10.0).collect::<Vec<_>>(),
    );
}
