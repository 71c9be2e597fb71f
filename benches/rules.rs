//! What a track state costs the rules: 10 to 10,000 tracks in the picture. The example junction has room
//! for a few hundred vehicles, so the large figures are a crowd that no junction sees: the cost has to
//! stay flat all the same.
#![allow(missing_docs, reason = "criterion's macros make public functions")]

use criterion::{
    BenchmarkId, Criterion, SamplingMode, Throughput, criterion_group, criterion_main,
};
use wayside_benches::Traffic;
use wayside_rules::Engine;

/// Track states of one measured pass, at least.
const STATES: usize = 100_000;

/// Frames of one measured pass, at least: a track lives for seconds, so that beginning and ending it must
/// not weigh more here than on a road.
const FRAMES_MIN: usize = 100;

fn rules(criterion: &mut Criterion) {
    let traffic = match Traffic::load() {
        Ok(traffic) => traffic,
        Err(problem) => panic!("the example junction: {problem}"),
    };
    let mut group = criterion.benchmark_group("rules");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    for vehicles in [10, 100, 1_000, 10_000] {
        let frames = (STATES / vehicles).max(FRAMES_MIN);
        let observations = traffic.observations(vehicles, frames);
        group.throughput(Throughput::Elements((vehicles * frames) as u64));
        group.bench_with_input(
            BenchmarkId::from_parameter(vehicles),
            &observations,
            |bencher, observations| {
                bencher.iter(|| {
                    let mut engine = Engine::new(traffic.site());
                    let mut outcomes = 0;
                    for observation in observations {
                        outcomes += engine.observe(observation, traffic.signals()).len();
                    }
                    outcomes + engine.finish(traffic.signals()).0.len()
                });
            },
        );
    }
    group.finish();
}

criterion_group!(benches, rules);
criterion_main!(benches);
