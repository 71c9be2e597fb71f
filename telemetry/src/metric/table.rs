//! The table of metrics. A line here is all that a new metric needs; the page follows from it.

use super::kind::{BATCH, DISK_S, EVIDENCE_S, FRAME_S, STAGE_S};
use super::{Kind, Row, Unit};
use crate::labels::Label;

macro_rules! metrics {
    ($($variant:ident $name:literal $kind:expr, $unit:expr, [$($label:ident),*], $help:literal, $advice:literal;)*) => {
        /// What is counted and measured.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Metric {
            $(#[doc = $help] $variant,)*
        }

        impl Metric {
            /// Every metric, in the order of the page.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// What the table says of it.
            #[must_use]
            pub const fn row(self) -> Row {
                match self {
                    $(Self::$variant => Row {
                        name: concat!("wayside_", $name),
                        kind: $kind,
                        unit: $unit,
                        labels: &[$(Label::$label),*],
                        help: $help,
                        advice: $advice,
                    },)*
                }
            }
        }
    };
}

use Kind::{Counter, Gauge, Histogram, SecondsCounter};
use Unit::{Bytes, Count, FramesPerSecond, Seconds, Truth, UnixSeconds};

metrics! {
    CamerasConfigured "cameras_configured" Gauge, Count("cameras"), [Site],
        "Cameras that the site file names and the worker is to take.",
        "Compare with the sum of `wayside_camera_connected`: the difference is away.";
    CameraConnected "camera_connected" Gauge, Truth, [Site, Camera],
        "Whether pictures come in.",
        "0: look at the cause of `wayside_disconnections_total`, then at power, network and password.";
    CameraStoodDown "camera_stood_down" Gauge, Truth, [Site, Camera, Condition],
        "Whether the camera watch has stood the camera's rules down for this condition.",
        "1: go and look. `moved` needs a new calibration or the old place, `blurred` a cloth, `clock` a time server.";
    CameraFrameRate "camera_frame_rate" Gauge, FramesPerSecond, [Site, Camera],
        "Frames that came in over the last seconds.",
        "Lower than the camera is set to: network, or night mode of the camera.";
    CameraLastFrame "camera_last_frame_timestamp_seconds" Gauge, UnixSeconds, [Site, Camera],
        "Capture instant of the newest frame that was looked at.",
        "Far behind the clock while connected: the camera's clock is off, or the worker cannot keep up.";
    CameraClockOffset "camera_clock_offset_seconds" Gauge, Seconds, [Site, Camera],
        "Camera's clock minus its reference; absent where it is not known.",
        "Beyond `clock_error_ms_max` the rules stand down: give the camera a time server.";
    CameraClockUncertainty "camera_clock_uncertainty_seconds" Gauge, Seconds, [Site, Camera],
        "Half-width of the 95% interval of a frame's capture instant.",
        "High: the camera sends no sender reports, so that time is taken at arrival; turn them on.";
    Connections "connections_total" Counter, Count("connections"), [Site, Camera],
        "Times that pictures began to come in.",
        "Grows steadily: the camera or the network drops the stream; see the causes beside it.";
    Disconnections "disconnections_total" Counter, Count("disconnections"), [Site, Camera, DisconnectCause],
        "Times that a stream ended or an attempt to open it failed.",
        "`unauthorised`: password. `unreachable`, `refused`: power, network. `silent`: the camera hangs. `unsupported`: codec.";
    PacketsLost "packets_lost_total" Counter, Count("packets"), [Site, Camera],
        "RTP packets that never came.",
        "Network loss: set `transport = \"tcp\"`, or find the link that is full.";
    FramesReceived "frames_received_total" Counter, Count("frames"), [Site, Camera],
        "Frames that came in. Equals processed plus still plus dropped, but for those on their way.",
        "Stands still: see `wayside_camera_connected`.";
    FramesProcessed "frames_processed_total" Counter, Count("frames"), [Site, Camera],
        "Frames that the detector looked at.",
        "Much lower than received: see still and dropped.";
    FramesStill "frames_still_total" Counter, Count("frames"), [Site, Camera],
        "Frames that the motion gate skipped because nothing moved.",
        "Near zero on an empty road: wind in trees or noise at night keeps the gate open, and costs CPU.";
    FramesDropped "frames_dropped_total" Counter, Count("frames"), [Site, Camera, GapCause],
        "Frames that were not looked at; each lies in a published gap.",
        "`overload`: fewer cameras, a lower frame rate, a smaller model or a GPU. `undecodable`: loss or a broken encoder.";
    Gaps "gaps_total" Counter, Count("gaps"), [Site, Camera, GapCause],
        "Gaps that were published. Rules judge nothing in them (EV-3).",
        "See `wayside_gap_seconds_total`.";
    GapSeconds "gap_seconds_total" SecondsCounter, Seconds, [Site, Camera, GapCause],
        "Time that was not looked at, by event time.",
        "A second an hour is usual. `lost`, `stalled`: camera or network. `overload`: the machine. `stood_down`: the watch.";
    StageSeconds "stage_seconds" Histogram(STAGE_S), Seconds, [Site, Camera, Stage],
        "Time that a frame spent in one stage.",
        "`wait` high: the batcher waits for the machine. `inference` high: model or provider. `publish` high: the bus.";
    FrameToObservation "frame_to_observation_seconds" Histogram(FRAME_S), Seconds, [Site, Camera],
        "From the arrival of a frame's first packet to its durable observation.",
        "Near `jitter_ms` plus the stages is right. Grows with overload; jumps with the camera's clock.";
    ObservationsPublished "observations_published_total" Counter, Count("observations"), [Site, Camera],
        "Observations that the bus took, gaps included.",
        "Stands still while frames come in: see `wayside_bus_append_failures_total`.";
    Passages "passages_published_total" Counter, Count("passages"), [Site, Camera, Section, End],
        "Vehicles whose passage of a section's end was published.",
        "Far fewer than at the other end: see the unmatchable ones, and place the gate where vehicles are seen whole.";
    PassagesUnmatchable "passages_unmatchable_total" Counter, Count("passages"), [Site, Camera, Section, End, UnmatchableCause],
        "Vehicles that passed an end, or may have, and cannot be matched. Each lies in a gap of that end.",
        "`unseen`: see `wayside_looks_refused_total`. `lost`, `late`: the gate is too near the border, or hidden.";
    Looks "looks_total" Counter, Count("looks"), [Site, Camera, Section, End],
        "Looks at vehicles near the end of a section.",
        "More than eight a vehicle: report it.";
    LooksRefused "looks_refused_total" Counter, Count("frames"), [Site, Camera, Section, End, LookRefusal],
        "Vehicles and frames in which a look was due and not taken.",
        "`too_small`: a gate nearer to the camera, or a longer lens. `border`: a gate farther from the border. `model`: the log.";
    LookSeconds "look_seconds" Histogram(STAGE_S), Seconds, [],
        "One look by the embedder, the wait for it included.",
        "Above 0.01 s: the machine is overloaded, and camera threads wait here.";
    EvidenceRingBytes "evidence_ring_bytes" Gauge, Bytes, [Site, Camera],
        "Compressed packets kept in memory for evidence.",
        "At its bound: the bit rate is high, so that the ring is shorter than `evidence_window_s`.";
    EvidenceRingSeconds "evidence_ring_seconds" Gauge, Seconds, [Site, Camera],
        "How far back the evidence ring reaches.",
        "Shorter than `evidence_window_s`: lower the camera's bit rate or raise the bound.";
    LivePictures "live_pictures_total" Counter, Count("pictures"), [],
        "Live pictures that were redacted and encoded because somebody watched.",
        "Grows at night with nobody there: a screen was left open, or a program asks that should not.";
    LivePictureSeconds "live_picture_seconds" Histogram(STAGE_S), Seconds, [],
        "Redacting and encoding one live picture.",
        "Above 0.25 s: the machine is overloaded; pictures come more seldom, and nothing else waits for them.";
    BatchSize "batch_size" Histogram(BATCH), Count("frames"), [],
        "Frames in one call of the detector.",
        "Always 1 on a GPU: raise `batch_wait_ms_max`. On a CPU 1 is right.";
    BatchSeconds "batch_seconds" Histogram(STAGE_S), Seconds, [],
        "One call of the detector, whole batch.",
        "Sudden growth: another program on the machine, or a fallback to the CPU.";
    InferenceProvider "inference_provider" Gauge, Truth, [Provider],
        "1 for the execution provider that is really used.",
        "Not the one you set: see `wayside_inference_fallback` and `wayside doctor`.";
    InferenceFallback "inference_fallback" Gauge, Truth, [],
        "1 when another execution provider was asked for.",
        "1: driver, CUDA or the ONNX Runtime library is missing; the log and `wayside doctor` name the cause.";
    Outcomes "outcomes_total" Counter, Count("outcomes"), [Site, Rule, Verdict],
        "What rules concluded: violations and voids.",
        "A jump in either is a fault more often than a change in traffic: look at the camera first.";
    Voids "voids_total" Counter, Count("outcomes"), [Site, Rule, VoidCause],
        "Voids by cause.",
        "`gap`: see the gaps. `signal_unknown`: the signal source. `class_uncertain`: model or light.";
    ConsumerPartitions "consumer_partitions" Gauge, Count("partitions"), [],
        "Partitions of the observations that this process judges.",
        "0 for more than a minute: there are more processes than partitions, or the bus is away.";
    ConsumerLag "consumer_lag_records" Gauge, Count("records"), [],
        "Observations of these that are still to be judged.",
        "Grows: add a process (`wayside enforce`), up to the number of partitions.";
    CamerasJudged "cameras_judged" Gauge, Count("cameras"), [],
        "Cameras of which observations came lately.",
        "Lower than the site files name: see `wayside_camera_connected` of the workers.";
    TracksAlive "tracks_alive" Gauge, Count("tracks"), [],
        "Road users that the rules follow now.",
        "Grows without traffic growing: a tracker that never ends its tracks.";
    ObservationsJudged "observations_judged_total" Counter, Count("observations"), [],
        "Observations that the rules took, those read again after a restart included.",
        "Stands still while workers publish: the process hangs, or has no partition.";
    DeadLetters "dead_letters_total" Counter, Count("records"), [],
        "Records that could not be read, and went to `wayside.deadletter.v1`.",
        "Any: `wayside deadletter list` says where they came from and what is wrong.";
    PassagesLag "passages_lag_records" Gauge, Count("records"), [],
        "Passages of this process's sections that are still to be taken.",
        "Grows: the vector index is slow or away; see the log.";
    PassagesTaken "passages_taken_total" Counter, Count("passages"), [],
        "Messages of section ends that were taken: vehicles, marks and gaps.",
        "Stands still: no worker watches an end of a section, or the bus is away.";
    VehiclesMatched "vehicles_matched_total" Counter, Count("vehicles"), [],
        "Vehicles at the exit of a section that were matched with their entry.",
        "Falls against those not matched: light, a moved camera, or a gap at one end.";
    VehiclesNotMatched "vehicles_not_matched_total" Counter, Count("vehicles"), [],
        "Vehicles at the exit of a section about which nothing is said.",
        "Many: `wayside.traveltimes.v1` has the causes.";
    VectorsDeleted "vectors_deleted_total" Counter, Count("vectors"), [],
        "Vectors that had expired and were deleted, each counted in a receipt (PV-2).",
        "Stands still while passages come: see the log; `wayside receipts verify` checks the receipts.";
    EvidenceLag "evidence_lag_records" Gauge, Count("records"), [],
        "Violations and voids of this process's sites that evidence has not taken yet.",
        "Grows: the evidence service is away or has no room; see `wayside_evidence_pending`.";
    EvidencePending "evidence_pending" Gauge, Count("violations"), [],
        "Violations on their way to a package.",
        "Grows: workers do not answer or redact too slowly, or the store is away; the log says which.";
    EvidenceSealed "evidence_packages_sealed_total" Counter, Count("packages"), [],
        "Packages sealed, stored and published.",
        "Lower than the violations: see `wayside_evidence_failures_total`.";
    EvidenceBytes "evidence_stored_bytes_total" Counter, Bytes, [],
        "Bytes of the packages that were stored.",
        "Compare with the room of the store and with retention.";
    EvidenceFailures "evidence_failures_total" Counter, Count("violations"), [EvidenceFailure],
        "Violations without a package, by cause.",
        "`ring_moved_on`: a longer `--evidence-window-s`. `worker_gone`: network, token. `not_stored`: the store.";
    EvidenceRetries "evidence_retries_total" Counter, Count("tries"), [],
        "Tries that failed and are made again, and waits for a camera to come to the end of the clip.",
        "More than some for each violation: the log names worker or store.";
    EvidenceSeconds "evidence_seconds" Histogram(EVIDENCE_S), Seconds, [],
        "From the reading of a violation to its published package or failure.",
        "Beyond the evidence ring's length: pictures are lost. Redaction takes most of it: a faster worker.";
    EvidenceFetchSeconds "evidence_fetch_seconds" Histogram(EVIDENCE_S), Seconds, [],
        "Fetching and redacting the pictures of one violation.",
        "Grows: the worker is overloaded.";
    ReviewCases "review_cases" Gauge, Count("cases"), [CaseState],
        "Cases of review that are not closed, by where they are.",
        "`first` grows: more reviewers, or a rule that errs. `sent_back`: an engineer has to look. `senior`: reviewers disagree.";
    ReviewOldest "review_oldest_case_seconds" Gauge, Seconds, [],
        "How long the case waits that has waited longest.",
        "Near `--undecided-days`: it goes undecided when that time is over.";
    ReviewAdmitted "review_cases_admitted_total" Counter, Count("cases"), [],
        "Violations with a sealed package that became cases here.",
        "Lower than `wayside_evidence_packages_sealed_total`: see `wayside_review_waiting` and the dead letters.";
    ReviewWaiting "review_waiting" Gauge, Count("records"), [],
        "Evidence whose violation has not come yet.",
        "More than some for minutes: the violations of the bus went by retention, or the enforcer is away.";
    ReviewDeadLetters "review_dead_letters_total" Counter, Count("records"), [],
        "Evidence that could not be read or is no case, and went to `wayside.deadletter.v1`.",
        "Any: `wayside deadletter list` says where it came from and what is wrong.";
    ReviewActs "review_acts_total" Counter, Count("acts"), [CaseAct],
        "What people did with cases in this process.",
        "`reject` in a jump: see the error ledger. `claim` without decisions: claims run out.";
    CitationsIssued "citations_issued_total" Counter, Count("citations"), [],
        "Citations that were issued: an approval that cannot be undone any more.",
        "Stands still while cases are approved: see `wayside_review_cases` for `approved`, and the log.";
    CitationMessages "citation_messages_total" Counter, Count("messages"), [],
        "Messages about citations that the bus took, withdrawn ones included.",
        "Lower than the issued ones: the bus refuses, see the log.";
    WebhookHeld "webhook_held_messages" Gauge, Count("messages"), [],
        "Messages for webhooks that have not arrived yet.",
        "Grows: a receiver is away; `GET /v1/webhooks` says which.";
    WebhookDelivered "webhook_deliveries_total" Counter, Count("messages"), [],
        "Messages that receivers of webhooks took.",
        "Lower than the messages about citations times receivers: see those held and the failures.";
    WebhookFailures "webhook_failures_total" Counter, Count("attempts"), [],
        "Attempts to deliver to a webhook that failed; each is made again.",
        "Grows steadily: the receiver refuses, or its certificate is wrong; the log says what it answered.";
    WebhookGivenUp "webhook_given_up_total" Counter, Count("messages"), [],
        "Messages that one receiver refused for days while it took others.",
        "Any: the log names the citation; its receiver reads it through the API.";
    BusAppendSeconds "bus_append_seconds" Histogram(DISK_S), Seconds, [],
        "One append to the bus, until it is durable.",
        "Above 0.1 s: the disk is slow or shared.";
    BusAppended "bus_records_appended_total" Counter, Count("records"), [Topic],
        "Records that the bus took.",
        "Stands still for `observations` while cameras are connected: the worker hangs.";
    BusAppendFailures "bus_append_failures_total" Counter, Count("appends"), [Topic],
        "Appends that failed.",
        "Any: disk full, or rights on the folder. The worker ends; what was acknowledged stays, the rest becomes a gap.";
    BusBytes "bus_bytes" Gauge, Bytes, [],
        "Size of the embedded log on disk.",
        "Grows beyond what retention should leave: see deletions; give it a larger disk in time.";
    BusRecordsDeleted "bus_records_deleted_total" Counter, Count("records"), [Topic],
        "Records that were deleted because their retention ended (PV-2).",
        "Stands still for a day: retention does not run.";
    SiteReloads "site_reloads_total" Counter, Count("reloads"), [ReloadResult],
        "Site files read again, by what came of it.",
        "`refused`: the edited file has a fault and the old one stays in force; `wayside site check` tells where.";
    InvariantViolations "invariant_violations_total" Counter, Count("violations"), [Invariant],
        "Promises of the design that the program found broken in itself.",
        "Any: a fault in Wayside. Keep log and bus, report it, and hold back what was issued since.";
    Ready "ready" Gauge, Truth, [Item],
        "Whether this part of the worker is ready to work.",
        "0: `/readyz` says what is missing.";
    BeatAge "main_loop_beat_age_seconds" Gauge, Seconds, [],
        "Time since the main loop last said that it runs; absent before the first time.",
        "Above the limit `/healthz` answers 503 and the worker should be restarted.";
    TraceSpansDropped "trace_spans_dropped_total" Counter, Count("spans"), [],
        "Spans that never reached the collector, after its queue was full or an export failed.",
        "Any: the collector is away or too slow; lower `OTEL_TRACES_SAMPLER_ARG`. The worker is not held up.";
    TraceExportFailures "trace_export_failures_total" Counter, Count("exports"), [],
        "Exports of traces that failed.",
        "See `OTEL_EXPORTER_OTLP_ENDPOINT` and the log, which names the first cause.";
    SeriesRefused "series_refused_total" Counter, Count("registrations"), [],
        "Series that were refused: unknown name, wrong labels, or too many.",
        "Any: a fault in Wayside, or more cameras than the bound of series allows.";
    BuildInfo "build_info" Gauge, Truth, [Version],
        "1, with the version of the program.",
        "Different versions in one fleet: a rollout is under way or stuck.";
    Uptime "uptime_seconds" Gauge, Seconds, [],
        "Time since the worker began to count.",
        "Small again and again: the worker is being restarted; see its log.";
    ProcessCpu "process_cpu_seconds_total" SecondsCounter, Seconds, [],
        "CPU time of the process, user and system.",
        "Its rate near the number of CPUs: overload is next.";
    ProcessResident "process_resident_memory_bytes" Gauge, Bytes, [],
        "Memory in use.",
        "Flat after the first minute is right. Grows for hours: report it.";
    ProcessResidentPeak "process_resident_memory_peak_bytes" Gauge, Bytes, [],
        "Most memory ever in use.",
        "Set the container's limit above it.";
    ProcessThreads "process_threads" Gauge, Count("threads"), [],
        "Threads.",
        "Grows with reconnects: report it.";
    ProcessOpenFiles "process_open_fds" Gauge, Count("descriptors"), [],
        "Open file descriptors.",
        "Grows with reconnects: report it.";
    ProcessOpenFilesMax "process_max_fds" Gauge, Count("descriptors"), [],
        "Most file descriptors that the process may open.",
        "Less than twice the open ones: raise it with `ulimit -n`.";
}
