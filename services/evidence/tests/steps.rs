//! Several processes, one of which has the site, and all of which believe it: any interleaving of their
//! steps, with deaths between any two, leaves one chain without holes, and one package in it for each
//! violation.

use std::collections::BTreeMap;

use proptest::prelude::*;
use wayside_evidence::steps::{Found, Known, Link, Mark, Step};
use wayside_proto::{EventTime, Hash32, OutcomeId, SealedPackage};

const PROCESSES: usize = 3;
const VIOLATIONS: usize = 4;

fn hash(number: u64) -> Hash32 {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    Hash32(bytes)
}

fn id(number: usize) -> OutcomeId {
    OutcomeId(format!("{number:032x}"))
}

#[derive(Default)]
struct World {
    packages: BTreeMap<(usize, u32), Found>,
    marks: BTreeMap<u64, Mark>,
    published: BTreeMap<usize, SealedPackage>,
    owner: usize,
    seals: u64,
    fetches: u64,
}

/// What a process has in memory.
#[derive(Default)]
struct Process {
    at: usize,
    known: Known,
    sealed: Option<Found>,
}

impl World {
    fn end(&self) -> Link {
        let number = (0..).find(|number| !self.marks.contains_key(number)).unwrap_or(0);
        let before = number.checked_sub(1).and_then(|last| self.marks.get(&last));
        Link { number, previous: before.map_or(Hash32::default(), |mark| mark.manifest_sha256) }
    }

    fn step(&mut self, number: usize, process: &mut Process) {
        while self.published.contains_key(&process.at) {
            *process = Process { at: process.at + 1, ..Process::default() };
        }
        if process.at >= VIOLATIONS {
            return;
        }
        let at = process.at;
        match process.known.next(&id(at)) {
            Step::Look { attempt } => {
                let found = self.packages.get(&(at, attempt)).cloned();
                if found.is_some() {
                    process.known.fetched();
                }
                process.known.looked(found);
            }
            Step::ReadMark { number } => process.known.mark(self.marks.get(&number).cloned()),
            Step::FindEnd => process.known.end(self.end()),
            Step::Fetch => {
                self.fetches += 1;
                process.known.fetched();
            }
            Step::Seal { link } => {
                self.seals += 1;
                // No two seals give the same bytes.
                let package = SealedPackage {
                    uri: String::new(),
                    sha256: hash(self.seals),
                    size_bytes: 1,
                    key_id: "k".to_owned(),
                    chain_number: link.number,
                    sealed_at: EventTime(0),
                };
                let manifest_sha256 = hash(1_000_000 + self.seals);
                process.sealed = Some(Found { link, manifest_sha256, package });
                process.known.sealed(link);
            }
            Step::Put { attempt } => {
                let sealed = process.sealed.clone().expect("sealed before it is stored");
                let taken = self.packages.contains_key(&(at, attempt));
                if !taken {
                    self.packages.insert((at, attempt), sealed.clone());
                }
                process.known.put((!taken).then_some(sealed));
            }
            Step::PutMark { number } => {
                let found = process.known.found().cloned().expect("stored before it is marked");
                let mark = Mark {
                    violation: id(at),
                    sha256: found.package.sha256,
                    manifest_sha256: found.manifest_sha256,
                };
                let taken = self.marks.contains_key(&number);
                if !taken {
                    self.marks.insert(number, mark.clone());
                }
                process.known.put_mark((!taken).then_some(mark));
            }
            Step::Publish(package) => {
                // The bus refuses whoever has lost the partition.
                if number == self.owner {
                    self.published.insert(at, package);
                }
                *process = Process { at: at + 1, ..Process::default() };
            }
            Step::Fail { detail, .. } => panic!("{detail}"),
        }
    }
}

/// What happens next: a step of a process, its death, its rest, or another owner.
#[derive(Clone, Copy, Debug)]
enum Act {
    Step(usize),
    Die(usize),
    Rest(usize),
    Own(usize),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let process = 0..PROCESSES;
    let act = prop_oneof![
        20 => process.clone().prop_map(Act::Step),
        1 => process.clone().prop_map(Act::Die),
        1 => process.clone().prop_map(Act::Rest),
        1 => process.prop_map(Act::Own),
    ];
    prop::collection::vec(act, 0..400)
}

fn run(acts: &[Act]) -> World {
    let mut world = World::default();
    let mut processes: Vec<Process> = (0..PROCESSES).map(|_| Process::default()).collect();
    for act in acts {
        match *act {
            Act::Step(number) => world.step(number, &mut processes[number]),
            Act::Die(number) => processes[number] = Process::default(),
            Act::Rest(number) => processes[number].known.rest(),
            Act::Own(number) => {
                world.owner = number;
                processes[number] = Process::default();
            }
        }
    }
    let owner = world.owner;
    let mut last = Process::default();
    for _ in 0..2_000 {
        world.step(owner, &mut last);
    }
    world
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_chain_neither_forks_nor_breaks(acts in acts()) {
        let world = run(&acts);
        prop_assert_eq!(world.published.len(), VIOLATIONS);
        prop_assert_eq!(world.marks.len(), VIOLATIONS, "one number for each violation");
        let mut previous = Hash32::default();
        for (place, (number, mark)) in world.marks.iter().enumerate() {
            prop_assert_eq!(*number, place as u64, "no hole");
            let stored = world.packages.values().find(|found| found.package.sha256 == mark.sha256);
            let stored = stored.expect("what is marked is stored");
            prop_assert_eq!(stored.link, Link { number: *number, previous });
            previous = mark.manifest_sha256;
        }
        for (at, package) in &world.published {
            let mark = &world.marks[&package.chain_number];
            prop_assert_eq!(&mark.violation, &id(*at));
            prop_assert_eq!(mark.sha256, package.sha256);
        }
    }
}

#[test]
fn alone_a_violation_is_fetched_and_sealed_once() {
    let world = run(&[]);
    assert_eq!((world.fetches, world.seals), (VIOLATIONS as u64, VIOLATIONS as u64));
    assert!(world.packages.keys().all(|(_, attempt)| *attempt == 0));
}
