//! The registry of promises (design, section 3). ARCHITECTURE.md states each on a line that starts with
//! `Invariant:`; README tells which hold today. `tests/invariants.rs` keeps the three in step and
//! looks up every test named here.

/// How far a promise holds in this version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// All of it that this version can touch is held by the tests named.
    Holds,
    /// Part of it is held by the tests named; the text says what is not there yet.
    InPart(&'static str),
    /// Nothing it speaks of is built yet; the text says what it comes with.
    Later(&'static str),
}

/// A test: file from the root of the workspace, and name of the function; of a file of scenarios, the
/// title of one.
pub type Test = (&'static str, &'static str);

/// One promise.
#[derive(Debug)]
pub struct Invariant {
    /// Its number, as in the pages and in tests.
    pub id: &'static str,
    /// What it says, shortened.
    pub promise: &'static str,
    /// How far it holds.
    pub state: State,
    /// What would fail if it did not hold.
    pub tests: &'static [Test],
}

/// All promises, in the order of the design.
pub const REGISTRY: &[Invariant] = &[
    Invariant {
        id: "PV-1",
        promise: "no unredacted pixel and no plate text leaves an ingest worker's memory",
        state: State::InPart(
            "replay redacts what it writes, a live worker gives redacted clips alone; a small road user that stands still and is never found can stay visible",
        ),
        tests: &[
            ("tidy/tests/boundary.rs", "messages_have_no_place_for_a_person"),
            ("pipelines/redaction/src/lib.rs", "no_pixel_of_a_person_is_left"),
            (
                "pipelines/redaction/src/lib.rs",
                "a_person_whom_no_detector_found_is_hidden_when_moving",
            ),
            ("pipelines/redaction/src/zones.rs", "a_person_is_hidden_whole_and_a_little_more"),
            ("pipelines/redaction/src/zones.rs", "blocks_hold_a_line_of_plate_characters"),
            ("services/plates/src/pii.rs", "shows_nothing_in_any_format"),
            ("services/plates/tests/vault.rs", "nothing_shows_a_plate_or_a_key"),
            ("services/plates/tests/vault.rs", "two_seals_of_a_plate_have_nothing_in_common"),
        ],
    },
    Invariant {
        id: "PV-2",
        promise: "nothing outlives its retention; each deletion is counted in a receipt",
        state: State::InPart(
            "vectors of passages, in the index and on the bus; evidence packages and cases; other records of the bus are deleted without receipts",
        ),
        tests: &[
            ("services/enforcement/tests/sections.rs", "speeders_are_found_and_nothing_stays"),
            (
                "services/retention/tests/classes.rs",
                "each_class_goes_at_its_time_and_the_rest_stays",
            ),
            (
                "services/retention/tests/kills.rs",
                "a_death_between_any_two_calls_of_the_store_loses_nothing_and_doubles_nothing",
            ),
            ("services/retention/tests/kills.rs", "a_death_within_the_desk"),
            ("services/desk/tests/suite/retention.rs", "erasure_leaves_no_plate_and_no_note"),
            ("services/plates/tests/vault.rs", "an_erased_plate_opens_for_nobody"),
        ],
    },
    Invariant {
        id: "PV-3",
        promise: "no vector is ever computed from a person or a face",
        state: State::Holds,
        tests: &[
            ("tidy/tests/boundary.rs", "no_word_of_recognising_people"),
            ("tidy/tests/boundary.rs", "messages_have_no_place_for_a_person"),
            ("pipelines/inference/src/embedder/tests.rs", "a_person_or_a_bicycle_is_no_vehicle"),
            (
                "pipelines/passages/tests/crossings.rs",
                "people_and_two_wheelers_are_never_looked_at",
            ),
            (
                "pipelines/passages/tests/crossings.rs",
                "a_person_in_the_box_of_a_car_keeps_it_from_being_looked_at",
            ),
            (
                "pipelines/inference/src/embedder/tests.rs",
                "the_rider_of_a_motorcycle_changes_nothing",
            ),
        ],
    },
    Invariant {
        id: "EV-1",
        promise: "one real crossing yields exactly one violation id",
        state: State::InPart(
            "within a run and over repeated replays, redelivery and restarts; a live run and a recording of it are two runs",
        ),
        tests: &[
            ("proto/src/outcome.rs", "ids_depend_on_every_part_and_on_where_parts_end"),
            ("services/rules/tests/scenarios.rs", "ids_are_unique_within_a_replay"),
            ("services/rules/tests/scenarios.rs", "a_second_replay_gives_the_same_bytes"),
            ("services/bus/tests/model.rs", "any_sequence_of_operations_is_that_of_a_list"),
            ("services/enforcement/tests/restart.rs", "interruptions_change_nothing"),
            ("services/wayside/tests/fleet/example.rs", "both_buses_and_the_replay_give_the_same"),
            (
                "services/wayside/tests/live/same_as_replay.rs",
                "live_gives_what_replay_gives_at_first",
            ),
        ],
    },
    Invariant {
        id: "EV-2",
        promise: "same footage, site file, models and version give the same bytes",
        state: State::Holds,
        tests: &[
            ("services/wayside/tests/determinism.rs", "threads_and_pictures_change_nothing"),
            (
                "services/wayside/tests/tracks.rs",
                "gzipped_tracks_give_the_same_and_so_does_a_second_replay",
            ),
            ("services/rules/tests/scenarios.rs", "a_second_replay_gives_the_same_bytes"),
            ("pipelines/tracking/src/scene_tests.rs", "the_order_of_detections_does_not_matter"),
            ("tidy/tests/purity.rs", "pure_crates_depend_on_what_is_listed"),
            ("tidy/tests/purity.rs", "no_matrix_of_dynamic_size"),
            (
                "tidy/tests/clippy_probe/mod.rs",
                "a_forbidden_call_fails_in_a_pure_crate_and_passes_in_a_shell",
            ),
        ],
    },
    Invariant {
        id: "EV-3",
        promise: "a window with a gap yields no violation; the reason is recorded",
        state: State::Holds,
        tests: &[
            ("services/rules/tests/scenarios/red_light.toml", "frames are missing at the line"),
            ("services/rules/tests/scenarios/no_stopping.toml", "frames are missing in the stand"),
            ("services/rules/tests/scenarios/wrong_way.toml", "frames are missing on the way"),
            ("services/rules/tests/scenarios/junction.toml", "frames are missing in the turn"),
            (
                "pipelines/capture/tests/damage.rs",
                "damage_in_the_middle_is_a_gap_up_to_the_next_key_frame",
            ),
            (
                "pipelines/live/tests/simulation.rs",
                "every_frame_and_every_instant_is_accounted_for",
            ),
            (
                "pipelines/live/tests/simulation.rs",
                "a_clock_that_jumps_stands_the_camera_down_and_is_forgiven",
            ),
            ("pipelines/live/tests/simulation.rs", "the_time_since_an_earlier_run_is_a_gap"),
            ("services/wayside/tests/live/faults/mod.rs", "faults_over_tcp"),
            ("services/wayside/tests/live/faults/mod.rs", "faults_over_udp"),
            ("pipelines/capture/src/live/gate.rs", "what_is_decoded_needs_nothing_that_is_missing"),
            (
                "pipelines/watch/tests/watch_scenes.rs",
                "a_nudge_of_a_hundredth_of_the_width_is_noticed_and_its_end_too",
            ),
            (
                "pipelines/watch/tests/watch_scenes.rs",
                "blur_and_dirt_are_noticed_and_their_end_too",
            ),
            ("pipelines/watch/tests/watch_scenes.rs", "darkness_is_noticed_and_hides_the_rest"),
            (
                "pipelines/watch/tests/watch_scenes.rs",
                "a_frozen_picture_is_noticed_and_its_end_too",
            ),
        ],
    },
    Invariant {
        id: "EV-4",
        promise: "a quantity carries its uncertainty; an interval across the limit voids",
        state: State::Holds,
        tests: &[(
            "services/rules/tests/scenarios/red_light.toml",
            "at the grace time the interval straddles it",
        )],
    },
    Invariant {
        id: "CT-1",
        promise: "no citation without a recorded human decision",
        state: State::Holds,
        tests: &[
            ("proto/tests/review.rs", "citations_that_break_the_contract_are_refused"),
            ("services/desk/tests/suite/states.rs", "an_approval_is_issued_after_the_window"),
            ("services/desk/tests/suite/states.rs", "a_rejection_is_final"),
            ("services/desk/tests/suite/issue.rs", "a_withdrawn_citation_is_voided"),
            ("services/desk/tests/suite/race.rs", "sqlite_fifty_clients_decide_each_case_once"),
        ],
    },
    Invariant {
        id: "SG-1",
        promise: "every sign message expires; a sign that loses its source goes blank",
        state: State::Holds,
        tests: &[
            ("proto/tests/sign_messages.rs", "messages_that_break_the_contract_are_refused"),
            (
                "services/signs/tests/sign_properties.rs",
                "never_past_its_expiry_and_never_without_a_living_source",
            ),
            ("services/signs/tests/sign_properties.rs", "order_and_repetition_do_not_matter"),
            (
                "services/signs/tests/sign_arbiter.rs",
                "a_superseded_message_that_comes_again_is_not_shown",
            ),
            ("services/dms/tests/sign_dead_man.rs", "a_source_that_dies_takes_its_messages_along"),
            (
                "services/dms/tests/sign_dead_man.rs",
                "an_expired_message_that_is_delivered_again_is_not_shown",
            ),
            ("services/dms/tests/sign_dead_man.rs", "two_sources_at_once_agree_everywhere"),
            ("services/dms/tests/sign_dead_man.rs", "a_clock_that_jumps_blanks_every_sign"),
            ("services/dms/tests/sign_snmp.rs", "a_sign_shows_a_message_and_ends_it_by_itself"),
        ],
    },
    Invariant {
        id: "BU-1",
        promise: "what was acknowledged is never lost, and nothing is duplicated",
        state: State::InPart(
            "observations, signals, passages, health, outcomes, evidence, decisions and citations; a sign message only while it holds",
        ),
        tests: &[
            (
                "services/enforcement/tests/sections.rs",
                "a_process_that_dies_after_every_commit_changes_nothing",
            ),
            ("services/bus/tests/crash/main.rs", "ten_kills_lose_nothing_and_double_nothing"),
            (
                "services/bus/tests/full_disk.rs",
                "a_log_that_has_reached_its_limit_refuses_and_goes_on",
            ),
            ("services/bus/tests/full_disk.rs", "a_write_that_the_system_refuses_stores_nothing"),
            (
                "services/bus/tests/damage.rs",
                "a_write_ahead_log_that_was_cut_off_gives_what_was_whole",
            ),
            (
                "services/enforcement/tests/restart.rs",
                "an_interruption_after_every_commit_changes_nothing",
            ),
            ("services/enforcement/tests/bounds.rs", "a_log_that_refuses_loses_no_outcome"),
            ("services/wayside/tests/fleet/kills.rs", "half_a_minute_of_kills_leaves_no_trace"),
            ("services/wayside/tests/fleet/poison.rs", "poison_harms_nobody_else_and_is_told_once"),
            ("services/wayside/tests/live/kills.rs", "three_kills_leave_no_trace"),
            (
                "services/retention/tests/kills.rs",
                "a_death_between_any_two_calls_of_the_store_loses_nothing_and_doubles_nothing",
            ),
            ("services/desk/tests/suite/crash.rs", "any_two_statements"),
            (
                "services/desk/tests/suite/issue.rs",
                "a_citation_goes_out_at_least_once_and_in_order",
            ),
            ("services/review/tests/delivery.rs", "every_message_arrives_in_order"),
            (
                "services/review/tests/webhooks.rs",
                "a_receiver_that_was_down_and_a_sender_that_was_restarted",
            ),
        ],
    },
];
