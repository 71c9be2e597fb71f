// Serves dist/ and made-up data, to look at the pages without a console. Not a part of the product.
//   node dev/serve.mjs [PORT]     signed in as somebody with all roles; ?out=1 in the URL of a page: nobody

import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import * as city from "./fixtures.mjs";

const dist = fileURLToPath(new URL("../dist", import.meta.url));
const picture =
  process.env.PICTURE && existsSync(process.env.PICTURE)
    ? readFileSync(process.env.PICTURE)
    : undefined;
const roles = (process.env.ROLES ?? "operator,reviewer,senior,engineer,auditor,administrator")
  .split(",")
  .filter(Boolean);
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; font-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".json": "application/json",
};
let count = 60;
const events = Array.from({ length: 60 }, (_, n) =>
  city.event(60 - n, Date.now() - 10_000 - n * 47_000),
);
const clients = new Set();
const rate = Number(process.env.RATE ?? 0.2);

function tell(type, data, id) {
  for (const send of clients) send(type, data, id);
}
let due = 0;
setInterval(() => {
  due += rate * 0.1;
  while (due >= 1) {
    due -= 1;
    count += 1;
    const made = city.event(count, Date.now());
    events.unshift(made);
    if (events.length > 200) events.pop();
    tell("event", made, `e1-${count}`);
  }
}, 100);
setInterval(() => tell("tracks", city.tracks(Date.now())), 200);
setInterval(() => tell("clock", { now: new Date().toISOString(), lag_ms: 212 }), 1000);
const shown = new Map();
setInterval(() => {
  for (const { group, history } of city.signals(Date.now() - 1000, Date.now())) {
    const last = history.at(-1);
    if (last && shown.get(group) !== last.time) {
      shown.set(group, last.time);
      tell("signals", { site: city.plan.id, group, ...last });
    }
  }
}, 500);

function api(url, request, response) {
  const json = (body, status = 200) => {
    response.writeHead(status, {
      "content-type": status < 400 ? "application/json" : "application/problem+json",
    });
    response.end(JSON.stringify(body));
  };
  const path = url.pathname;
  if (path === "/api/v1/session") {
    if (process.env.OUT)
      return json(
        {
          type: "urn:wayside:problem:session",
          title: "not signed in",
          status: 401,
          detail: "no session",
        },
        401,
      );
    return json({
      account: "kim",
      name: "Kim Example",
      roles,
      csrf: "x",
      expires: new Date(Date.now() + 1e6).toISOString(),
      passkeys: 0,
    });
  }
  if (path === "/api/v1/setup") return json({ needed: false });
  if (process.env.EMPTY && path === "/api/v1/signs") return json([]);
  if (process.env.EMPTY && path === "/api/v1/overview") {
    const all = { sites: [], travel_times: [], stood_down: [], rules_stood_down: [] };
    return json({ ...city.overview([]), ...all });
  }
  if (path === "/api/v1/overview") return json(city.overview(events.slice(0, 100)));
  if (path === "/api/v1/signs") return json(city.signs);
  const site = path.match(/^\/api\/v1\/sites\/([^/]+)(\/state)?$/);
  if (site && site[1] === city.plan.id) return json(site[2] ? city.state(events) : city.plan);
  if (site)
    return json(
      {
        type: "urn:wayside:problem:site",
        title: "no such junction",
        status: 404,
        detail: `There is no junction ${site[1]}.`,
        hint: "The overview lists all.",
      },
      404,
    );
  if (/\/picture$/.test(path)) {
    if (!picture || path.includes("south"))
      return json(
        {
          type: "urn:wayside:problem:no-picture",
          title: "no picture",
          status: 404,
          detail: "The camera has sent nothing yet.",
        },
        404,
      );
    response.writeHead(200, {
      "content-type": "image/jpeg",
      "wayside-frame-time": new Date(Date.now() - 200).toISOString(),
    });
    return response.end(picture);
  }
  const one = path.match(/^\/api\/v1\/events\/([^/]+)(\/scene)?$/);
  if (one) {
    const found = events.find((e) => e.id === one[1]) ?? events[0];
    return json(
      one[2]
        ? city.scene(found)
        : {
            event: found,
            quantities: found.quantities,
            signal: { group: "N", state: "red", since: found.time },
            evidence: found.evidence,
            failure: null,
          },
    );
  }
  if (path === "/api/v1/events")
    return json({ events: events.slice(0, 50), next: null, not_kept: 0 });
  if (path === "/api/v1/live") {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    const send = (type, data, id) =>
      response.write(`event: ${type}\n${id ? `id: ${id}\n` : ""}data: ${JSON.stringify(data)}\n\n`);
    clients.add(send);
    send("clock", { now: new Date().toISOString(), lag_ms: 212 });
    request.on("close", () => clients.delete(send));
    return undefined;
  }
  return json(
    { type: "urn:wayside:problem:not-found", title: "not found", status: 404, detail: path },
    404,
  );
}

const server = createServer((request, response) => {
  const url = new URL(request.url, "http://x");
  response.setHeader("content-security-policy", CSP);
  response.setHeader("x-content-type-options", "nosniff");
  if (url.pathname.startsWith("/api/")) return void api(url, request, response);
  const file = join(dist, normalize(url.pathname === "/" ? "/index.html" : url.pathname));
  if (!file.startsWith(dist) || !existsSync(file) || !statSync(file).isFile()) {
    response.writeHead(404);
    return response.end();
  }
  const packed = existsSync(`${file}.br`) && request.headers["accept-encoding"]?.includes("br");
  response.writeHead(200, {
    "content-type": TYPES[extname(file)] ?? "application/octet-stream",
    ...(packed ? { "content-encoding": "br" } : {}),
  });
  createReadStream(packed ? `${file}.br` : file).pipe(response);
});
server.listen(Number(process.argv[2] ?? 0), "127.0.0.1", () =>
  console.log(`http://127.0.0.1:${server.address().port}`),
);
