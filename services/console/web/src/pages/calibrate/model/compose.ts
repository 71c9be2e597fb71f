// From the draft to what the server takes: the site file's JSON, without nulls and what is empty. What
// somebody wrote stays as it is, even where it is a default: a saved file changes only where the draft did.

import type { Vec2 } from "../geometry/matrix";
import type { Draft } from "./draft";
import { pairsOf } from "./draft";
import { roundM, roundPx } from "./edit";
import type { Box, Camera, Lamp, SiteFile } from "./site";

export function toSiteJson(draft: Draft): SiteFile {
  const site = withDraftPoints(draft);
  const out: Record<string, unknown> = { schema: site.schema };
  for (const [key, value] of Object.entries(site)) {
    if (key === "schema" || value === null || value === undefined) continue;
    if (Array.isArray(value) && value.length === 0) continue;
    if (key === "camera") out[key] = (value as Camera[]).map(camera);
    else if (key === "site") out[key] = tidy(value as object, { name: "" });
    else if (key === "signals") {
      const signals = tidy(value as object);
      if (Object.keys(signals).length) out[key] = signals;
    } else if (key === "rules") {
      const rules = Object.entries(value as object).filter(([, values]) => values !== null);
      if (rules.length) out[key] = Object.fromEntries(rules);
    } else if (Array.isArray(value)) out[key] = value.map((item) => thing(item));
    else out[key] = value;
  }
  return out as unknown as SiteFile;
}

/** The ground points being clicked are those of the draft's camera. */
function withDraftPoints(draft: Draft): SiteFile {
  const points = pairsOf(draft);
  return {
    ...draft.site,
    camera: (draft.site.camera ?? []).map((c) =>
      c.id === draft.camera ? { ...c, calibration: { ...c.calibration, points } } : c,
    ),
  };
}

function camera(c: Camera): Record<string, unknown> {
  const out = tidy(c);
  const { points, ...rest } = c.calibration;
  out.calibration = {
    ...tidy(rest),
    points: points.map((p) => ({ image_px: roundPx(p.image_px), ground_m: roundM(p.ground_m) })),
  };
  if (c.rtsp) out.rtsp = tidy(c.rtsp);
  const lamps = c.lamp ?? [];
  if (lamps.length) out.lamp = lamps.map(lamp);
  else delete out.lamp;
  return out;
}

function lamp(l: Lamp): Record<string, unknown> {
  const box = (b: Box): number[] => b.map((v) => Math.round(v * 10) / 10);
  return {
    group: l.group,
    red_px: box(l.red_px),
    ...(l.yellow_px ? { yellow_px: box(l.yellow_px) } : {}),
    green_px: box(l.green_px),
  };
}

const GEOMETRY = new Set(["centreline_m", "line_m", "axis_m", "polygon_m"]);

function thing(item: unknown): unknown {
  if (typeof item !== "object" || item === null) return item;
  const out = tidy(item);
  for (const key of Object.keys(out)) {
    const value = out[key];
    if (GEOMETRY.has(key)) out[key] = (value as Vec2[]).map(roundM);
    else if ((key === "hours" || key === "exempt") && Array.isArray(value) && value.length === 0)
      delete out[key];
  }
  return out;
}

/** Without nulls, and without values that say nothing. */
function tidy(item: object, nothing: Record<string, unknown> = {}): Record<string, unknown> {
  const entries = Object.entries(item).filter(
    ([key, value]) =>
      value !== null && value !== undefined && !(key in nothing && nothing[key] === value),
  );
  return Object.fromEntries(entries);
}
