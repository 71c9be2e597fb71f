//! Alerts to begin with. The thresholds are a start, not a measurement.

/// A suggestion for Prometheus' alerting rules.
#[derive(Clone, Copy, Debug)]
pub struct Alert {
    /// Name, in the usual camel case.
    pub name: &'static str,
    /// PromQL.
    pub expr: &'static str,
    /// How long it must hold, as Prometheus reads it.
    pub held: &'static str,
    /// `page`: somebody should come. `ticket`: somebody should look tomorrow.
    pub severity: &'static str,
    /// One sentence, with labels in braces as Prometheus fills them in.
    pub summary: &'static str,
}

/// The suggestions, the most urgent first.
pub const ALERTS: &[Alert] = &[
    Alert {
        name: "WaysidePromiseBroken",
        expr: "increase(wayside_invariant_violations_total[15m]) > 0",
        held: "0m",
        severity: "page",
        summary: "The program found its promise {{ $labels.id }} broken.",
    },
    Alert {
        name: "WaysideWorkerHung",
        expr: "wayside_main_loop_beat_age_seconds > 30",
        held: "1m",
        severity: "page",
        summary: "The main loop of {{ $labels.instance }} does not run.",
    },
    Alert {
        name: "WaysideNotReady",
        expr: "wayside_ready == 0",
        held: "5m",
        severity: "page",
        summary: "{{ $labels.instance }}: {{ $labels.item }} is not ready.",
    },
    Alert {
        name: "WaysideBusFails",
        expr: "rate(wayside_bus_append_failures_total[5m]) > 0",
        held: "2m",
        severity: "page",
        summary: "{{ $labels.instance }} cannot write {{ $labels.topic }} to the bus.",
    },
    Alert {
        name: "WaysideCameraAway",
        expr: "wayside_camera_connected == 0",
        held: "10m",
        severity: "ticket",
        summary: "Camera {{ $labels.camera }} of {{ $labels.site }} sends no pictures.",
    },
    Alert {
        name: "WaysideManyCamerasAway",
        expr: "sum(wayside_camera_connected) < 0.8 * sum(wayside_cameras_configured)",
        held: "5m",
        severity: "page",
        summary: "More than a fifth of the cameras send no pictures: look at the network first.",
    },
    Alert {
        name: "WaysideCameraStoodDown",
        expr: "wayside_camera_stood_down{condition!=\"dark\"} == 1",
        held: "15m",
        severity: "ticket",
        summary: "Rules of camera {{ $labels.camera }} of {{ $labels.site }} are stood down: {{ $labels.condition }}.",
    },
    Alert {
        name: "WaysideOverload",
        expr: "sum by (instance) (rate(wayside_frames_dropped_total{cause=\"overload\"}[5m])) \
               > 0.05 * sum by (instance) (rate(wayside_frames_received_total[5m]))",
        held: "10m",
        severity: "ticket",
        summary: "{{ $labels.instance }} drops more than one frame in twenty because it cannot keep up.",
    },
    Alert {
        name: "WaysideMuchUnseen",
        expr: "sum by (site, camera) (rate(wayside_gap_seconds_total{cause!=\"stood_down\"}[1h])) > 0.02",
        held: "1h",
        severity: "ticket",
        summary: "Camera {{ $labels.camera }} of {{ $labels.site }} misses more than 72 seconds an hour.",
    },
    Alert {
        name: "WaysideSlow",
        expr: "histogram_quantile(0.99, sum by (le, instance) \
               (rate(wayside_frame_to_observation_seconds_bucket[5m]))) > 2",
        held: "10m",
        severity: "ticket",
        summary: "One observation in a hundred of {{ $labels.instance }} comes more than 2 s after its frame.",
    },
    Alert {
        name: "WaysideFallback",
        expr: "wayside_inference_fallback == 1",
        held: "5m",
        severity: "ticket",
        summary: "{{ $labels.instance }} infers on another device than was asked for.",
    },
    Alert {
        name: "WaysideClockOff",
        expr: "abs(wayside_camera_clock_offset_seconds) > 0.25",
        held: "15m",
        severity: "ticket",
        summary: "The clock of camera {{ $labels.camera }} of {{ $labels.site }} is off by {{ $value }} s.",
    },
    Alert {
        name: "WaysideSiteRefused",
        expr: "increase(wayside_site_reloads_total{result=\"refused\"}[15m]) > 0",
        held: "0m",
        severity: "ticket",
        summary: "{{ $labels.instance }} refused an edited site file; the old one stays in force.",
    },
    Alert {
        name: "WaysideRestarts",
        expr: "resets(wayside_uptime_seconds[1h]) > 3",
        held: "0m",
        severity: "ticket",
        summary: "{{ $labels.instance }} was restarted more than three times in an hour.",
    },
    Alert {
        name: "WaysideMemoryGrows",
        expr: "deriv(wayside_process_resident_memory_bytes[6h]) > 10e6 / 3600 \
               and wayside_uptime_seconds > 6 * 3600",
        held: "1h",
        severity: "ticket",
        summary: "{{ $labels.instance }} grows by more than 10 MB an hour.",
    },
    Alert {
        name: "WaysideFewDescriptors",
        expr: "wayside_process_open_fds > 0.8 * wayside_process_max_fds",
        held: "5m",
        severity: "ticket",
        summary: "{{ $labels.instance }} has nearly used up its file descriptors.",
    },
];
