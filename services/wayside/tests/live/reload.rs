//! The site file is read again while the worker runs: cameras come, go and change, and the others do
//! not notice.

use std::time::Duration;

use wayside_proto::{Content, GapCause};

use crate::cameras::serve;
use crate::site::{self, Pole};
use crate::told::Told;
use crate::worker::Worker;
use crate::{films, pass};

/// How long a change may take on a busy machine.
const SOON: Duration = Duration::from_secs(300);
/// As for the faults.
const UNTOLD_S_MAX: f64 = 1.6;

fn reloads(worker: &Worker, result: &str) -> f64 {
    worker.metric("wayside_site_reloads_total", &[("result", result)])
}

#[test]
fn cameras_come_go_and_change_while_others_go_on() {
    let dir = tempfile::tempdir().unwrap();
    let [a, b, c, d] = std::array::from_fn(|_| serve(films::quiet()));
    // A machine that stalls does not look like a camera that does.
    let stays = Pole::new("stays", &a.url()).with("silence_s_max = 30.0");
    let goes = Pole::new("goes", &b.url());
    let changes = Pole::new("changes", &c.url());
    let udp = changes.clone().with("transport = \"udp\"");
    let comes = Pole::new("comes", &d.url());
    site::write(dir.path(), &[stays.clone(), goes.clone(), changes.clone()]);
    let worker = Worker::start("run", dir.path(), ["--json"]);
    worker.until_connected(&["stays", "goes", "changes"]);
    pass(1.0);

    site::replace(dir.path(), &site::text(&[stays.clone(), udp.clone(), comes.clone()]));
    worker.until("reload", SOON, |worker| reloads(worker, "applied") == 1.0);
    worker.until_connected(&["stays", "changes", "comes"]);
    assert!(worker.camera("goes").is_null(), "{}", worker.health());
    pass(1.0);

    // Neither a broken file nor one of another site takes effect, and each is told once.
    let sound = site::text(&[stays.clone(), udp.clone(), comes.clone()]);
    site::replace(dir.path(), &sound.replace("width_px = 320", "width_px = \"wide\""));
    worker.until("refusal", SOON, |worker| reloads(worker, "refused") == 1.0);
    site::replace(dir.path(), &sound.replace("id = \"small\"", "id = \"elsewhere\""));
    worker.until("refusal", SOON, |worker| reloads(worker, "refused") == 2.0);
    let before = worker.camera("stays")["frames"]["received"].as_u64().unwrap();
    worker.until("frames", SOON, |worker| {
        worker.camera("stays")["frames"]["received"].as_u64().unwrap() > before
    });

    // A camera that cannot be taken is told and left out; one that was there before comes back.
    let locked = Pole::new("locked", &d.url())
        .with("user = \"viewer\"\npassword_env = \"NO_SUCH_VARIABLE_IS_SET\"");
    site::replace(dir.path(), &site::text(&[stays, udp, goes, locked]));
    worker.until("reload", SOON, |worker| reloads(worker, "applied") == 2.0);
    worker.until_connected(&["stays", "changes", "goes"]);
    assert!(worker.camera("comes").is_null() && worker.camera("locked").is_null());
    pass(1.0);
    let ended = worker.stop();
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let said = |part: &str| ended.stderr.matches(part).count();
    assert_eq!(said("the changed site file is refused, the one before holds"), 2);
    assert_eq!(said("the site `small` cannot become `elsewhere` while it runs"), 1);
    assert_eq!(said("camera small/locked is left out: camera locked: the environment"), 1);

    let told = Told::read(&dir.path().join("data"));
    for id in ["stays", "goes", "changes", "comes"] {
        told.check(id, UNTOLD_S_MAX);
        told.check_sums(id);
    }
    assert_eq!(told.runs("stays").len(), 1, "its run goes on");
    assert_eq!(told.runs("comes").len(), 1);
    let stood: Vec<_> = told.gaps("stays").into_iter().filter(|g| g.frames == 0).collect();
    assert!(stood.is_empty(), "it was always there: {stood:?}");
    for id in ["changes", "goes"] {
        let runs = told.runs(id);
        assert_eq!(runs.len(), 2, "{id}: {runs:?}");
        let observations = told.of_camera(id);
        let begin = observations.iter().position(|o| o.run.0 == runs[1]).unwrap();
        let Content::Gap(gap) = observations[begin].content else {
            panic!("{id}: {:?}", observations[begin])
        };
        assert_eq!((gap.cause, gap.from), (GapCause::Lost, observations[begin - 1].time), "{id}");
    }
}
