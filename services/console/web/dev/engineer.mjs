// Made-up answers of the engineer's and the accounts' routes, to look at the pages without a console.
//   DIST=dist PICTURE=frame.jpg node dev/engineer.mjs [PORT]     SETUP=1: no account yet; OUT=1: nobody signed in
import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { parse, stringify } from "smol-toml";
import * as city from "./fixtures.mjs";

const dist = process.env.DIST ?? fileURLToPath(new URL("../dist", import.meta.url));
const picture = process.env.PICTURE ? readFileSync(process.env.PICTURE) : undefined;
const files = new Map([
  [
    "junction",
    readFileSync(new URL("../../../../examples/junction/site.toml", import.meta.url), "utf8"),
  ],
]);
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; font-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};
let signedIn = !process.env.OUT && !process.env.SETUP;
const revisions = new Map([["junction", "a1"]]);
const started = Date.now();
const event = (n) => city.event(n, started - n * 61_000);
const recordings = [
  {
    id: "r1",
    name: "crossing-monday-0700.mp4",
    bytes: 48_200_000,
    width_px: 1280,
    height_px: 720,
    frame_rate: 25,
    duration_s: 620,
    created: new Date(started - 9e6).toISOString(),
  },
];
const jobs = [
  {
    id: "j2",
    kind: "replay",
    state: "running",
    progress: 0.42,
    message: "frame 6,510 of 15,500",
    created: new Date(started - 60_000).toISOString(),
    site: "junction",
    recording: "r1",
  },
  {
    id: "j1",
    kind: "replay",
    state: "done",
    progress: 1,
    created: new Date(started - 3.6e6).toISOString(),
    finished: new Date(started - 3.5e6).toISOString(),
    site: "junction",
    recording: "r1",
    result: {
      violations: [1, 2, 4, 5, 7].map(event).map((e) => ({ ...e, kind: "violation" })),
      voids: [3, 6].map(event).map((e) => ({ ...e, kind: "void", cause: "gap" })),
      files: [
        { name: "report.html", bytes: 182_000, kind: "report" },
        { name: "annotated.mp4", bytes: 61_000_000, kind: "video" },
        { name: "observations.binpb", bytes: 4_100_000, kind: "data" },
      ],
      frames: 15_500,
      warnings: [],
    },
  },
  {
    id: "j0",
    kind: "whatif",
    state: "failed",
    progress: 0.1,
    created: new Date(started - 8e6).toISOString(),
    site: "junction",
    problem: {
      title: "the bus has no observations",
      detail: "There are none of junction in this hour.",
      hint: "Is it within the retention of the topic?",
    },
  },
];
const accounts = [
  {
    account: "kim",
    name: "Kim Example",
    roles: ["operator", "reviewer", "senior", "engineer", "auditor", "administrator"],
    disabled: false,
    last_seen: new Date(started - 4e4).toISOString(),
    passkeys: 1,
    has_password: true,
  },
  {
    account: "eva.muster",
    name: "Eva Muster",
    roles: ["reviewer"],
    disabled: false,
    last_seen: new Date(started - 4e7).toISOString(),
    has_password: true,
    passkeys: 0,
  },
  { account: "otto", name: "Otto Beispiel", roles: ["engineer"], disabled: false, passkeys: 0 },
  {
    account: "old.hand",
    name: "Old Hand",
    roles: ["operator"],
    disabled: true,
    provider: "city",
    last_seen: new Date(started - 4e9).toISOString(),
    passkeys: 0,
  },
];

const place = (id, browser, system, how, agoMs) => ({
  id,
  began: new Date(started - 9e5 - agoMs).toISOString(),
  last_seen: new Date(started - agoMs).toISOString(),
  expires: new Date(started + 18e5 - agoMs).toISOString(),
  how,
  provider: how === "oidc" ? "city" : null,
  browser,
  system,
  address: `192.0.2.${id.slice(1)}`,
  current: agoMs === 0,
});
let sessions = [
  place("s1", "Chrome", "Linux", "passkey", 0),
  place("s2", "Firefox", "Windows", "password", 6e5),
  place("s3", null, null, "oidc", 12e5),
];

const session = () => ({
  account: "kim",
  name: "Kim Example",
  roles: accounts[0].roles,
  csrf: "x",
  expires: new Date(Date.now() + 4e7).toISOString(),
  passkeys: 1,
});

/** Only enough of the check to see findings. */
function check(site) {
  const errors = [];
  const warnings = [];
  const text = stringify(site);
  const lineOf = (word) => text.split("\n").findIndex((l) => l.includes(word)) + 1;
  if ((site.camera?.[0]?.calibration?.points ?? []).length < 4)
    errors.push({
      line: lineOf("calibration"),
      key: `camera.${site.camera?.[0]?.id}.calibration.points`,
      message: "too few points; four or more are needed",
      hint: "add corners of markings that are seen in the picture and known on the ground",
    });
  for (const line of site.stop_line ?? [])
    if (line.lanes.length === 0)
      errors.push({
        line: lineOf(`"${line.id}"`),
        key: `stop_line.${line.id}.lanes`,
        message: "no lane",
        hint: "name the lanes that end at the line; they say which way it is crossed",
      });
  if (!site.rules)
    warnings.push({
      key: "",
      message: "no rule is listed, so nothing will be judged",
      hint: "list the rules that are to run, for example `[rules.red_light]`",
    });
  return { ok: errors.length === 0, errors, warnings };
}

const routes = [
  ["GET", /^\/api\/v1\/session$/, () => (signedIn ? session() : [401, "session", "not signed in"])],
  [
    "POST",
    /^\/api\/v1\/session$/,
    (_, body) => {
      if (body.password === "wrong")
        return [401, "sign-in-failed", "the account or the password is wrong"];
      signedIn = true;
      return session();
    },
  ],
  ["PATCH", /^\/api\/v1\/session$/, session],
  ["GET", /^\/api\/v1\/setup$/, () => ({ needed: Boolean(process.env.SETUP) && !signedIn })],
  [
    "POST",
    /^\/api\/v1\/(setup|invite)$/,
    () => {
      signedIn = true;
      return session();
    },
  ],
  ["GET", /^\/api\/v1\/oidc$/, () => [{ id: "city", name: "City ID" }]],
  ["GET", /^\/api\/v1\/accounts$/, () => accounts],
  ["POST", /^\/api\/v1\/accounts(\/.*)?$/, () => ({ invite: "/#/invite?token=Zm9vYmFyYmF6" })],
  [
    "GET",
    /^\/api\/v1\/passkeys$/,
    () => [
      {
        id: "p1",
        label: "Security key",
        created: new Date(started - 9e8).toISOString(),
        last_used: new Date(started - 9e6).toISOString(),
      },
    ],
  ],
  ["GET", /^\/api\/v1\/sessions$/, () => sessions],
  [
    "DELETE",
    /^\/api\/v1\/sessions(?:\/(.+))?$/,
    ([id]) => {
      sessions = sessions.filter((one) => one.current || (id && one.id !== id));
      return {};
    },
  ],
  [
    "GET",
    /^\/api\/v1\/sites$/,
    () => ({
      sites: [...files].map(([id, toml]) => {
        const site = parse(toml);
        return {
          id,
          name: site.site.name ?? id,
          writable: true,
          cameras: site.camera.map((c) => ({ ...c, live: false, recording: Boolean(c.source) })),
        };
      }),
      can_create: true,
    }),
  ],
  [
    "GET",
    /^\/api\/v1\/sites\/([^/]+)\/file$/,
    ([id]) => ({ toml: files.get(id), sha256: revisions.get(id), site: parse(files.get(id)) }),
  ],
  [
    "PUT",
    /^\/api\/v1\/sites\/([^/]+)\/file$/,
    ([id], body) => {
      if (body.sha256 !== revisions.get(id) || process.env.CONFLICT)
        return [409, "changed", "the file was changed meanwhile"];
      files.set(id, body.toml);
      revisions.set(id, `${body.sha256}+`);
      return { ok: true, errors: [], warnings: [], sha256: revisions.get(id) };
    },
  ],
  [
    "POST",
    /^\/api\/v1\/sites$/,
    (_, body) => {
      const id = parse(body.toml).site.id;
      if (files.has(id)) return [409, "exists", "there is a site file of this name"];
      files.set(id, body.toml);
      revisions.set(id, "b1");
      return { ok: true, errors: [], warnings: [], site: id, sha256: "b1" };
    },
  ],
  [
    "POST",
    /^\/api\/v1\/sites\/compose$/,
    (_, body) => {
      const onto = body.onto ? parse(body.onto) : null;
      const same = onto && JSON.stringify(sorted(onto)) === JSON.stringify(sorted(body.site));
      return { toml: same ? body.onto : stringify(body.site), ...check(body.site) };
    },
  ],
  [
    "POST",
    /^\/api\/v1\/calibrate\/frame$/,
    () =>
      picture
        ? {
            draft: "d1",
            width_px: 1280,
            height_px: 720,
            picture: "/api/v1/calibrate/drafts/d1/picture",
          }
        : [404, "no-picture", "the camera gives no picture now"],
  ],
  [
    "GET",
    /^\/api\/v1\/recordings$/,
    () => ({
      recordings,
      bytes_max: 2_000_000_000,
      bytes_left: 18_400_000_000,
      extensions: ["mp4", "mkv", "mov"],
    }),
  ],
  [
    "POST",
    /^\/api\/v1\/recordings$/,
    (_, _body, url) => {
      recordings.push({
        ...recordings[0],
        id: `r${recordings.length + 1}`,
        name: url.searchParams.get("name"),
      });
      return recordings.at(-1);
    },
  ],
  ["GET", /^\/api\/v1\/jobs$/, () => ({ jobs })],
  [
    "POST",
    /^\/api\/v1\/jobs$/,
    (_, body) => {
      jobs.unshift({
        id: `j${jobs.length}`,
        state: "done",
        progress: 1,
        created: new Date().toISOString(),
        ...body,
        ...(body.kind === "whatif"
          ? {
              result: {
                appear: [1, 4].map(event),
                disappear: [2].map(event),
                stay: 11,
                warnings: [
                  "what lamps showed is not in a file of observations: the signal log alone counts",
                ],
              },
            }
          : { result: jobs.at(-2).result }),
      });
      return jobs[0];
    },
  ],
  [
    "GET",
    /^\/api\/v1\/jobs\/compare$/,
    () => ({ appear: [event(2)], disappear: [event(9), event(8)], stay: 4 }),
  ],
  ["GET", /^\/api\/v1\/jobs\/([^/]+)$/, ([id]) => jobs.find((j) => j.id === id)],
  [
    "GET",
    /^\/api\/v1\/(?:jobs\/[^/]+\/)?events\/([^/]+)\/scene$/,
    () => ({ ...city.scene(event(1)), plan: city.plan }),
  ],
  [
    "POST",
    /^\/api\/v1\/sites\/([^/]+)\/signals$/,
    ([id]) => ({ log: `${id}-signals-0.csv`, groups: ["N", "E"], records: 42, until_s: 3600 }),
  ],
  [
    "POST",
    /^\/api\/v1\/sites\/([^/]+)\/cameras\/[^/]+\/password$/,
    ([id]) => ({ password_file: `${id}-password-0` }),
  ],
  ["GET", /^\/api\/v1\/sites\/([^/]+)$/, () => city.plan],
  ["GET", /^\/api\/v1\/overview$/, () => city.overview([])],
];

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value && typeof value === "object" && !(value instanceof Date))
    return Object.fromEntries(
      Object.keys(value)
        .sort()
        .map((k) => [k, sorted(value[k])]),
    );
  return value;
}

createServer(async (request, response) => {
  const url = new URL(request.url, "http://x");
  response.setHeader("content-security-policy", CSP);
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  if (/\/picture$/.test(url.pathname)) {
    response.writeHead(picture ? 200 : 404, { "content-type": "image/jpeg" });
    return response.end(picture);
  }
  if (url.pathname === "/api/v1/live") {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const tick = () =>
      response.write(
        `event: clock\ndata: ${JSON.stringify({ now: new Date().toISOString(), lag_ms: 120 })}\n\n`,
      );
    tick();
    const timer = setInterval(tick, 1000);
    request.on("close", () => clearInterval(timer));
    return undefined;
  }
  if (url.pathname.startsWith("/api/")) {
    const text = Buffer.concat(chunks).toString();
    let body = {};
    try {
      body = JSON.parse(text);
    } catch {
      // A picture or nothing.
    }
    for (const [method, pattern, answer] of routes) {
      const match = request.method === method && url.pathname.match(pattern);
      if (!match) continue;
      const got = answer(match.slice(1), body, url);
      const failed = Array.isArray(got) && typeof got[0] === "number";
      response.writeHead(failed ? got[0] : 200, {
        "content-type": failed ? "application/problem+json" : "application/json",
      });
      return response.end(
        JSON.stringify(
          failed
            ? {
                type: `urn:wayside:problem:${got[1]}`,
                status: got[0],
                title: got[2],
                detail: got[2],
              }
            : got,
        ),
      );
    }
    response.writeHead(404, { "content-type": "application/problem+json" });
    return response.end(JSON.stringify({ status: 404, title: "not found", detail: url.pathname }));
  }
  const file = join(dist, normalize(url.pathname === "/" ? "/index.html" : url.pathname));
  if (!file.startsWith(dist) || !existsSync(file) || !statSync(file).isFile()) {
    response.writeHead(404);
    return response.end();
  }
  response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
  return createReadStream(file).pipe(response);
}).listen(Number(process.argv[2] ?? 0), "127.0.0.1", function () {
  console.log(`http://127.0.0.1:${this.address().port}`);
});
