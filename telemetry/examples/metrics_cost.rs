//! What one count, one observation and one page cost. With `--page` it prints a page of two cameras, and
//! with `--serve` it serves one until it is ended.

use std::hint::black_box;
use std::time::{Duration, Instant};

use wayside_proto::{CameraId, EventTime, GapCause, SiteId};
use wayside_telemetry::{
    Board, BusMetrics, CameraMetrics, Condition, DisconnectCause, InferenceMetrics, Labels, Metric,
    Provider, Readiness, Stage, Topic, add, install, render, serve, span,
};

const TURNS: u32 = 1_000_000;

fn main() {
    install().expect("the first recorder");
    let argument = std::env::args().nth(1).unwrap_or_default();
    match argument.as_str() {
        "" => cost(),
        "--page" => {
            let _cameras = cameras(2);
            print!("{}", render());
        }
        "--serve" => {
            let board = Board::new(Readiness::ALL);
            let serving = serve(([127, 0, 0, 1], 0).into(), board.clone()).expect("a free port");
            println!("http://{}/metrics", serving.addr());
            let cameras = cameras(16);
            loop {
                board.beat();
                cameras.iter().for_each(frame);
                std::thread::sleep(Duration::from_millis(200));
            }
        }
        other => eprintln!("error: no option `{other}`\n  hint: --page, --serve or nothing"),
    }
}

/// Everything that is counted for a frame.
fn frame(camera: &CameraMetrics) {
    camera.received(1);
    for (stage, ms) in Stage::ALL.iter().zip([3, 8, 12, 1, 2]) {
        camera.stage(*stage, Duration::from_millis(ms));
    }
    camera.processed(EventTime(1_750_000_000_000_000));
    camera.published(1);
    camera.frame_to_observation(Duration::from_millis(230));
}

fn cameras(count: usize) -> Vec<CameraMetrics> {
    let site = SiteId::from("ring-3");
    let camera = |number| {
        let metrics = CameraMetrics::new(&site, &CameraId(format!("camera-{number}")));
        metrics.connected();
        metrics.disconnected(DisconnectCause::Silent);
        metrics.connected();
        metrics.clock(Some(0.004), 0.001);
        metrics.frame_rate(5.0);
        metrics.evidence_ring(3_000_000, Duration::from_secs(30));
        metrics.stood_down(Condition::Dark, number % 2 == 1);
        metrics.gap(GapCause::Overload, Duration::from_millis(400));
        metrics.dropped(GapCause::Overload, 2);
        frame(&metrics);
        metrics
    };
    InferenceMetrics::new(Provider::Cpu, Provider::Cuda).batch(4, Duration::from_millis(40));
    BusMetrics::new().appended(Topic::Observations, 1, Duration::from_millis(2));
    (0..count).map(camera).collect()
}

fn cost() {
    let cameras = cameras(16);
    let camera = &cameras[0];
    let site = SiteId::from("ring-3");
    let labels = Labels::camera(&site, &CameraId::from("camera-0"));
    let each = |what: &str, turns: u32, turn: &dyn Fn()| {
        let start = Instant::now();
        for _ in 0..turns {
            turn();
        }
        println!("{what}: {:.0} ns", start.elapsed().as_nanos() as f64 / f64::from(turns));
    };
    each("one count with a handle", TURNS, &|| camera.received(black_box(1)));
    let took = Duration::from_millis(12);
    each("one observation with a handle", TURNS, &|| camera.stage(Stage::Track, black_box(took)));
    each("all that is counted for a frame", TURNS, &|| frame(black_box(camera)));
    each("one count by labels", TURNS / 10, &|| add(Metric::FramesReceived, &labels, 1));
    each("one span where nobody listens", TURNS, &|| drop(span!(IngestFrame, camera = "west")));
    for count in [16, 300] {
        let _more = (cameras.len()..count)
            .map(|number| CameraMetrics::new(&site, &CameraId(format!("more-{number}"))))
            .collect::<Vec<_>>();
        let page = render();
        let what = format!("one page of {count} cameras, {} KB", page.len() / 1_000);
        each(&what, 10, &|| drop(black_box(render())));
    }
}
