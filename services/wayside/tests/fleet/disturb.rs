//! A fleet of enforcers to which things happen, and how it takes them.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use wayside_broker::Broker;

use crate::city::{City, Publisher};
use crate::place::{Place, Standing, until_judged};
use crate::schedule::{Blow, Schedule};
use crate::worker::Worker;

/// How often the fleet is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(400);
/// How long the broker stays away.
const AWAY: Duration = Duration::from_secs(1);

/// What the fleet works on.
pub struct Field<'a> {
    pub broker: &'a Broker,
    pub place: &'a Place,
    pub partitions: u32,
    pub city: City,
    pub sites: PathBuf,
    pub dir: &'a Path,
    /// Of event time, in one of real time.
    pub speed: f64,
}

/// Processes that share the partitions.
pub struct Fleet<'a> {
    field: Field<'a>,
    members: Vec<(String, Worker)>,
    /// The one that joins and leaves.
    guest: Option<Worker>,
    publisher: Publisher,
    names: usize,
    began: Instant,
    told: Told,
}

/// What was seen.
#[derive(Debug, Default)]
pub struct Told {
    /// When what happened.
    pub blows: Vec<(f64, Blow)>,
    /// How the fleet stood, each with its second.
    pub looks: Vec<(f64, Standing)>,
    /// How long an end in order took, seconds.
    pub stops_s: Vec<f64>,
    /// From the last blow or the last message, whatever came later, until all was judged, seconds.
    pub settled_s: f64,
    pub took_s: f64,
}

impl<'a> Fleet<'a> {
    pub fn start(field: Field<'a>, members: usize) -> Self {
        let start = |number: usize| {
            let name = format!("enforce-{number}");
            let worker = field.place.enforce(&field.sites, &name, field.dir);
            (name, worker)
        };
        let members: Vec<_> = (0..members).map(start).collect();
        let publisher = field.city.publishing(field.place, field.speed, 0, field.dir);
        let names = members.len();
        Self {
            members,
            guest: None,
            publisher,
            names,
            began: Instant::now(),
            told: Told::default(),
            field,
        }
    }

    /// Lets everything happen, waits until all that was published is judged, and ends the fleet in order.
    #[track_caller]
    pub fn endure(mut self, schedule: &Schedule) -> Told {
        for (at_s, blow) in schedule {
            while self.began.elapsed().as_secs_f64() < *at_s {
                self.look();
            }
            println!("{:6.1} s  {blow:?}", self.began.elapsed().as_secs_f64());
            self.told.blows.push((self.began.elapsed().as_secs_f64(), *blow));
            self.suffer(*blow);
        }
        assert!(self.guest.is_none(), "whoever joins leaves");
        while self.publisher.publishes() {
            self.look();
        }
        let last = Instant::now();
        let workers: Vec<&Worker> = self.members.iter().map(|(_, worker)| worker).collect();
        until_judged(&workers, self.field.partitions);
        self.told.settled_s = last.elapsed().as_secs_f64();
        for (name, worker) in std::mem::take(&mut self.members) {
            self.stop(&name, worker);
        }
        self.told.took_s = self.began.elapsed().as_secs_f64();
        self.told
    }

    fn suffer(&mut self, blow: Blow) {
        match blow {
            Blow::Kill { place, renamed } => {
                let (mut name, worker) = self.members.remove(place);
                let ended = worker.kill();
                assert_eq!(ended.code, None, "{name} had ended by itself:\n{}", ended.stderr);
                if renamed {
                    name = format!("enforce-{}", self.names);
                    self.names += 1;
                }
                self.begin(place, name);
            }
            Blow::Stop { place } => {
                let (name, worker) = self.members.remove(place);
                self.stop(&name, worker);
                self.begin(place, name);
            }
            Blow::Join => {
                let Field { place, sites, dir, .. } = &self.field;
                self.guest = Some(place.enforce(sites, "guest", dir));
            }
            Blow::Leave => {
                if let Some(worker) = self.guest.take() {
                    self.stop("guest", worker);
                }
            }
            Blow::BrokerKill => {
                self.field.broker.kill();
                std::thread::sleep(AWAY);
                self.field.broker.restart().unwrap();
            }
            Blow::BrokerPause { seconds } => {
                self.field.broker.pause().unwrap();
                std::thread::sleep(Duration::from_secs_f64(seconds));
                self.field.broker.resume().unwrap();
            }
            Blow::PublisherKill { from_s } => {
                assert!(self.publisher.publishes(), "it has published everything already");
                let Field { place, city, speed, dir, .. } = &self.field;
                let next = city.publishing(place, *speed, from_s, dir);
                std::mem::replace(&mut self.publisher, next).kill();
            }
        }
    }

    fn begin(&mut self, place: usize, name: String) {
        let worker = self.field.place.enforce(&self.field.sites, &name, self.field.dir);
        self.members.insert(place, (name, worker));
    }

    fn stop(&mut self, name: &str, worker: Worker) {
        let began = Instant::now();
        let ended = worker.stop();
        assert_eq!(ended.code, Some(0), "{name}:\n{}", ended.stderr);
        self.told.stops_s.push(began.elapsed().as_secs_f64());
    }

    fn look(&mut self) {
        let mut workers: Vec<&Worker> = self.members.iter().map(|(_, worker)| worker).collect();
        workers.extend(&self.guest);
        let standing = Standing::of(&workers);
        self.told.looks.push((self.began.elapsed().as_secs_f64(), standing));
        std::thread::sleep(LOOK_EVERY);
    }
}

impl Told {
    /// For each blow of which `of` holds, how long it took until the fleet had every partition again and
    /// at most `lag` records waited, seconds; none where the next blow came before.
    pub fn recoveries(
        &self,
        partitions: u32,
        lag: f64,
        of: impl Fn(&Blow) -> bool,
    ) -> Vec<Option<f64>> {
        let next = |at_s: f64| {
            let later = self.blows.iter().map(|(other, _)| *other).find(|other| *other > at_s);
            later.unwrap_or(f64::INFINITY)
        };
        let hit = self.blows.iter().filter(|(_, blow)| of(blow));
        hit.map(|(at_s, _)| {
            // Two seconds later every process has told of itself after it.
            let looks =
                self.looks.iter().filter(|(then, _)| *then > at_s + 2.0 && *then < next(*at_s));
            let whole = looks.into_iter().find(|(_, standing)| {
                standing.partitions == f64::from(partitions) && standing.lag <= lag
            });
            whole.map(|(then, _)| then - at_s)
        })
        .collect()
    }
}
