// A made-up city for looking at the pages: the example junction with traffic that moves, and others.
import { readFileSync } from "node:fs";
import { parse } from "smol-toml";

const file = parse(
  readFileSync(
    process.env.EXAMPLE ?? new URL("../../../../examples/junction/site.toml", import.meta.url),
    "utf8",
  ),
);

/** Direct linear transform from the calibration points: ground to picture. */
function homography(points) {
  const rows = [];
  const right = [];
  for (const {
    image_px: [u, v],
    ground_m: [x, y],
  } of points) {
    rows.push([x, y, 1, 0, 0, 0, -u * x, -u * y]);
    right.push(u);
    rows.push([0, 0, 0, x, y, 1, -v * x, -v * y]);
    right.push(v);
  }
  const a = Array.from({ length: 8 }, (_, i) =>
    [...Array(8).keys()].map((j) => rows.reduce((s, r) => s + r[i] * r[j], 0)),
  );
  const b = Array.from({ length: 8 }, (_, i) => rows.reduce((s, r, k) => s + r[i] * right[k], 0));
  for (let i = 0; i < 8; i += 1) {
    let best = i;
    for (let k = i; k < 8; k += 1) if (Math.abs(a[k][i]) > Math.abs(a[best][i])) best = k;
    [a[i], a[best]] = [a[best], a[i]];
    [b[i], b[best]] = [b[best], b[i]];
    for (let k = 0; k < 8; k += 1) {
      if (k === i) continue;
      const f = a[k][i] / a[i][i];
      for (let j = i; j < 8; j += 1) a[k][j] -= f * a[i][j];
      b[k] -= f * b[i];
    }
  }
  return [...b.map((value, i) => value / a[i][i]), 1];
}

const camera = file.camera[0];
const matrix = homography(camera.calibration.points);

export const plan = {
  id: file.site.id,
  name: file.site.name,
  timezone: file.site.timezone,
  driving_side: "right",
  latitude_deg: 48.2082,
  longitude_deg: 16.3719,
  bounds_m: [0, 0, 440, 440],
  lanes: file.lane,
  stop_lines: file.stop_line,
  exit_lines: file.exit_line,
  conflict_areas: file.conflict_area,
  crossings: file.crossing,
  no_stopping_zones: file.no_stopping_zone,
  signal_groups: file.signal_group.map(({ id, kind }) => ({ id, kind: kind ?? "vehicle" })),
  cameras: [
    {
      id: camera.id,
      width_px: camera.width_px,
      height_px: camera.height_px,
      residual_m: 0.08,
      ground_to_image: matrix,
      lane_paths_px: [],
      position_m: [230, 262, 7.5],
      view_m: [
        [214, 254],
        [229, 252],
        [280, 215],
        [280, 140],
        [180, 140],
        [180, 220],
      ],
    },
    {
      id: "south",
      width_px: 1280,
      height_px: 720,
      residual_m: 0.11,
      ground_to_image: matrix,
      lane_paths_px: [],
      position_m: [210, 178, 7.5],
      view_m: [],
    },
  ],
  rules: Object.entries(file.rules).map(([rule, parameters]) => ({ rule, parameters })),
  limits: [],
};

const stamp = (ms) => new Date(ms).toISOString().replace("Z", "000Z");
const CLASSES = ["car", "car", "car", "truck", "bus", "motorcycle"];
const SIZES = { car: [4.4, 1.8], truck: [8.5, 2.5], bus: [12, 2.55], motorcycle: [2.1, 0.8] };

function project([x, y]) {
  const w = matrix[6] * x + matrix[7] * y + matrix[8];
  return [
    (matrix[0] * x + matrix[1] * y + matrix[2]) / w,
    (matrix[3] * x + matrix[4] * y + matrix[5]) / w,
  ];
}

/** Vehicles that drive straight on through the junction, two dozen seconds each. */
export function tracks(ms, cam = "north") {
  const list = [];
  const ins = plan.lanes.filter((lane) => lane.exits);
  for (let n = 0; n < 14; n += 1) {
    const lane = ins[(n * 3) % ins.length];
    const period = 24_000 + n * 1700;
    const part = ((ms + n * 5300) % period) / period;
    const [[ax, ay], [bx, by]] = lane.centreline_m;
    const length = Math.hypot(bx - ax, by - ay);
    const ux = (bx - ax) / length;
    const uy = (by - ay) / length;
    const along = length * 0.62 + part * 190;
    const cls = CLASSES[n % CLASSES.length];
    const [long, wide] = SIZES[cls];
    const front = [ax + ux * along, ay + uy * along];
    const ground = [
      [front[0] - (uy * wide) / 2, front[1] + (ux * wide) / 2],
      [front[0] + (uy * wide) / 2, front[1] - (ux * wide) / 2],
      [front[0] - ux * long + (uy * wide) / 2, front[1] - uy * long - (ux * wide) / 2],
      [front[0] - ux * long - (uy * wide) / 2, front[1] - uy * long + (ux * wide) / 2],
    ].map(project);
    const xs = ground.map(([x]) => x);
    const ys = ground.map(([, y]) => y);
    const box = [Math.min(...xs), Math.min(...ys) - 30, Math.max(...xs), Math.max(...ys)];
    const inside =
      box[0] < 1280 && box[2] > 0 && box[1] < 720 && box[3] > 0 && box[3] - box[1] < 400;
    list.push({
      id: 100 + n,
      class: cls,
      ...(inside ? { box_px: box } : {}),
      front_m: front,
      heading_rad: Math.atan2(uy, ux),
      length_m: long,
      width_m: wide,
      speed_ms: 190 / (period / 1000),
      confidence: 0.8,
      measured: n % 5 !== 0,
    });
  }
  for (let n = 0; n < 4; n += 1) {
    const crossing = plan.crossings[n % 4];
    const [[ax, ay], [bx, by]] = crossing.axis_m;
    const part = ((ms + n * 3000) % 11_000) / 11_000;
    const front = [ax + (bx - ax) * part, ay + (by - ay) * part];
    const [u, v] = project(front);
    list.push({
      id: 200 + n,
      class: "person",
      ...(u > 0 && u < 1280 && v > 60 && v < 720 ? { box_px: [u - 12, v - 60, u + 12, v] } : {}),
      front_m: front,
      heading_rad: Math.atan2(by - ay, bx - ax),
      length_m: 0.5,
      width_m: 0.5,
      speed_ms: 1.3,
      confidence: 0.7,
      measured: true,
    });
  }
  return { site: plan.id, camera: cam, time: stamp(ms), more: 0, still: false, tracks: list };
}

const CYCLE = 70_000;
const PHASES = {
  N: [
    [0, "green"],
    [26_000, "yellow"],
    [29_000, "red"],
  ],
  S: [
    [0, "green"],
    [26_000, "yellow"],
    [29_000, "red"],
  ],
  E: [
    [0, "red"],
    [34_000, "green"],
    [62_000, "yellow"],
    [65_000, "red"],
  ],
  W: [
    [0, "red"],
    [34_000, "green"],
    [62_000, "yellow"],
    [65_000, "red"],
  ],
  pN: [
    [0, "red"],
    [34_000, "green"],
    [52_000, "red"],
  ],
  pS: [
    [0, "red"],
    [34_000, "green"],
    [52_000, "red"],
  ],
  pE: [
    [0, "green"],
    [18_000, "red"],
  ],
  pW: [
    [0, "green"],
    [18_000, "red"],
  ],
};

export function signals(from, to) {
  return Object.entries(PHASES).map(([group, phases]) => {
    const history = [];
    for (let start = Math.floor(from / CYCLE - 1) * CYCLE; start <= to; start += CYCLE) {
      for (const [at, state] of phases) {
        if (start + at <= to) history.push({ time: stamp(start + at), state });
      }
    }
    return { group, history: history.filter((h) => Date.parse(h.time) > from - CYCLE), dropped: 0 };
  });
}

const RULES = [
  "red_light",
  "stop_line",
  "box_junction",
  "no_stopping",
  "illegal_turn",
  "reserved_lane",
];
const CAUSES = ["gap", "interval_straddles_limit", "track_lost", "queueing"];

export function event(n, ms) {
  const kind = n % 11 === 5 ? "notice" : n % 3 === 1 ? "void" : "violation";
  const site = n % 4 === 3 ? sites[n % sites.length].id : plan.id;
  return {
    id: `ev-${n}`,
    kind,
    rule: kind === "notice" ? "camera" : RULES[n % RULES.length],
    site,
    camera: "north",
    time: stamp(ms),
    ...(kind === "notice"
      ? { cause: "blurred", detail: "The lower left quarter lost its detail." }
      : {
          vehicle_class: CLASSES[n % 6],
          lane: ["Nin_1", "Ein_2", "Sin_1"][n % 3],
          place: "Nin",
          track: 100 + (n % 14),
        }),
    ...(kind === "void" ? { cause: CAUSES[n % 4] } : {}),
    evidence: kind === "violation" ? (n % 4 === 0 ? "pending" : "sealed") : null,
    quantities:
      kind === "violation"
        ? [
            { name: "time_into_red", value: 1.9, low: 1.72, high: 2.08, unit: "s" },
            { name: "speed_at_line", value: 13.4, low: 12.6, high: 14.3, unit: "m/s" },
          ]
        : [],
  };
}

const cam = (id, state, extra = {}) => ({
  id,
  state,
  since: stamp(Date.now() - 900_000),
  frame_rate: 24.9,
  latency_ms: 180,
  dropped_share: 0.01,
  ...extra,
});
export const sites = [
  {
    id: plan.id,
    name: plan.name,
    timezone: plan.timezone,
    latitude_deg: 48.2082,
    longitude_deg: 16.3719,
    state: "ok",
    cameras: [cam("north", "live"), cam("south", "live")],
    violations_24h: 128,
    voids_24h: 41,
    waiting_review: 9,
  },
  {
    id: "ring",
    name: "Ring and Harbour Street",
    timezone: "Europe/Vienna",
    latitude_deg: 48.2134,
    longitude_deg: 16.3841,
    state: "degraded",
    cameras: [cam("east", "live"), cam("west", "stood_down", { why: "The camera has moved." })],
    violations_24h: 64,
    voids_24h: 90,
    waiting_review: 3,
  },
  {
    id: "bridge",
    name: "North Bridge",
    timezone: "Europe/Vienna",
    latitude_deg: 48.2251,
    longitude_deg: 16.3789,
    state: "down",
    cameras: [cam("deck", "lost", { why: "No connection." })],
    violations_24h: 0,
    voids_24h: 2,
    waiting_review: 0,
  },
  {
    id: "school",
    name: "School Lane",
    timezone: "Europe/Vienna",
    state: "ok",
    cameras: [cam("gate", "still")],
    violations_24h: 4,
    voids_24h: 1,
    waiting_review: 1,
  },
  {
    id: "market",
    name: "Market Square",
    timezone: "Europe/Vienna",
    latitude_deg: 48.2021,
    longitude_deg: 16.3607,
    state: "unknown",
    cameras: [cam("clock", "unknown")],
    violations_24h: 0,
    voids_24h: 0,
    waiting_review: 0,
  },
];

export function overview(events) {
  const now = Date.now();
  return {
    now: stamp(now),
    event_id: "e1-0",
    sites,
    events,
    feed: { state: "reading", missed: 0, dropped: 0, unreadable: 0 },
    travel_times: [
      {
        section: "A",
        name: "Ring to North Bridge",
        median_s: 204,
        lower_quartile_s: 188,
        upper_quartile_s: 231,
        mean_speed_ms: 11.2,
        entered: 61,
        left: 58,
        matched: 34,
        window_s: 300,
        time: stamp(now - 20_000),
      },
      {
        section: "B",
        name: "North Bridge to Market",
        median_s: null,
        entered: 4,
        left: 3,
        matched: 1,
        window_s: 300,
        time: stamp(now - 20_000),
      },
      {
        section: "C",
        name: "Market to School Lane",
        median_s: 96,
        lower_quartile_s: 82,
        upper_quartile_s: 121,
        mean_speed_ms: 7.9,
        entered: 28,
        left: 30,
        matched: 17,
        window_s: 300,
        time: stamp(now - 20_000),
      },
    ],
    stood_down: [
      {
        site: "ring",
        camera: "west",
        condition: "moved",
        detail: "The picture lies 14 px from where it was calibrated.",
        since: stamp(now - 5_400_000),
      },
    ],
    rules_stood_down: [
      {
        site: "ring",
        camera: "east",
        rule: "no_stopping",
        errors: 7,
        decided: 22,
        since: stamp(now - 86_400_000 * 2),
        why: "More than a fifth of its cases were rejected.",
      },
    ],
  };
}

export function state(events) {
  const now = Date.now();
  const minute = Math.floor(now / 60_000) * 60_000;
  return {
    now: stamp(now),
    event_id: "e1-0",
    state: "ok",
    cameras: sites[0].cameras,
    tracks: [tracks(now)],
    signals: signals(now - 300_000, now),
    flow: plan.lanes
      .filter((l) => l.exits)
      .map((lane, k) => ({
        lane: lane.id,
        camera: "north",
        minutes: Array.from({ length: 60 }, (_, i) => ({
          from: stamp(minute - (59 - i) * 60_000),
          observed_s: 60,
          vehicles: Math.max(
            0,
            Math.round(6 + (k % 3) * 2 + 4 * Math.sin(i / 8 + k) + ((i * 7919 + k * 31) % 5) - 2),
          ),
          occupancy: Math.max(0.02, 0.18 + 0.1 * Math.sin(i / 8 + k)),
        })).filter((_, i) => !(k === 1 && i > 20 && i < 26)),
      })),
    events: events.filter((e) => e.site === plan.id),
  };
}

export function scene(e) {
  const at = Date.parse(e.time);
  const frames = [];
  for (let ms = at - 8000; ms <= at + 8000; ms += 100) {
    frames.push({ time: stamp(ms), tracks: tracks(ms).tracks });
  }
  return {
    event: e.id,
    camera: e.camera,
    from: stamp(at - 8000),
    to: stamp(at + 8000),
    complete: true,
    dropped: 0,
    track: e.track ?? 100,
    frames,
    signals: signals(at - 8000, at + 8000),
  };
}

export const signs = [
  {
    sign: "wait",
    site: plan.id,
    name: "Crossing north",
    kind: "billboard",
    state: "showing",
    text: ["PEDESTRIANS CROSSING", "WAIT"],
    pictogram: "pedestrian_crossing",
    multi: "[jp3][jl3]PEDESTRIANS CROSSING[nl]WAIT",
    priority: 200,
    expires: stamp(Date.now() + 20_000),
    pages: [],
    page_url: "/sign/wait",
  },
  {
    sign: "red",
    site: plan.id,
    name: "Red-light warning east",
    kind: "billboard",
    state: "blank",
    text: [],
    multi: "",
    pages: [],
    page_url: "/sign/red",
  },
  {
    sign: "time",
    site: "ring",
    name: "Travel times ring",
    kind: "matrix",
    state: "showing",
    text: ["NORTH BRIDGE 4 MIN", "MARKET 6 MIN"],
    multi: "[jl2]NORTH BRIDGE 4 MIN[nl]MARKET 6 MIN",
    priority: 40,
    expires: stamp(Date.now() + 180_000),
    pages: [],
    page_url: "/sign/time",
  },
  {
    sign: "flow",
    site: "bridge",
    name: "Flow advice bridge",
    kind: "matrix",
    state: "no_source",
    text: [],
    multi: "",
    pages: [],
    page_url: "/sign/flow",
  },
];
