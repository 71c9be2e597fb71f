// What is being drawn: a site with the ground points of one camera, half-clicked ones among them. It
// holds geometry and names; a picture is never part of it.

import type { Pair } from "../geometry/homography";
import type { Vec2 } from "../geometry/matrix";
import { changeCamera } from "./edit";
import type { SiteFile } from "./site";

/** A ground point of which one side may still be missing. */
export interface DraftPoint {
  key: string;
  image_px: Vec2 | null;
  ground_m: Vec2 | null;
}

export interface Draft {
  site: SiteFile;
  /** The camera whose picture is drawn on. */
  camera: string;
  points: DraftPoint[];
  /** Known distances, where the map is to come from them. */
  distances: DraftDistance[];
}

export interface DraftDistance {
  key: string;
  from_px: Vec2;
  to_px: Vec2;
  length_m: number | null;
}

/** Where a draft came from and the picture it is drawn on; not undone by undo. */
export interface DraftOrigin {
  /** The site file it changes; null for a new one. */
  site: string | null;
  sha256: string | null;
  toml: string | null;
  /** The server's draft that holds the redacted picture. */
  picture: string | null;
  width_px: number;
  height_px: number;
}

let counter = 0;
/** A key for lists; unique in this page. */
export function freshKey(): string {
  counter += 1;
  return `k${Date.now().toString(36)}${counter.toString(36)}`;
}

export function draftOf(site: SiteFile, camera: string): Draft {
  const found = (site.camera ?? []).find((c) => c.id === camera);
  const points = (found?.calibration.points ?? []).map((p) => ({ key: freshKey(), ...p }));
  return { site, camera, points, distances: [] };
}

/** Another camera of the same site; the points of this one stay in the file. */
export function switchCamera(draft: Draft, camera: string): Draft {
  const kept = changeCamera(draft.site, draft.camera, (c) => ({
    ...c,
    calibration: { ...c.calibration, points: pairsOf(draft).map((p) => ({ ...p })) },
  }));
  return draftOf(kept, camera);
}

export function pairsOf(draft: Draft): Pair[] {
  return draft.points.flatMap(({ image_px, ground_m }) =>
    image_px && ground_m ? [{ image_px, ground_m }] : [],
  );
}

export function addPicturePoint(draft: Draft, image_px: Vec2): { draft: Draft; key: string } {
  const waiting = draft.points.find((p) => !p.image_px && p.ground_m);
  if (waiting) return { draft: changePoint(draft, waiting.key, { image_px }), key: waiting.key };
  const key = freshKey();
  return { draft: { ...draft, points: [...draft.points, { key, image_px, ground_m: null }] }, key };
}

export function addGroundPoint(draft: Draft, ground_m: Vec2): { draft: Draft; key: string } {
  const waiting = draft.points.find((p) => p.image_px && !p.ground_m);
  if (waiting) return { draft: changePoint(draft, waiting.key, { ground_m }), key: waiting.key };
  const key = freshKey();
  return { draft: { ...draft, points: [...draft.points, { key, image_px: null, ground_m }] }, key };
}

export function changePoint(
  draft: Draft,
  key: string,
  change: Partial<Omit<DraftPoint, "key">>,
): Draft {
  return { ...draft, points: draft.points.map((p) => (p.key === key ? { ...p, ...change } : p)) };
}

export function removeDraftPoint(draft: Draft, key: string): Draft {
  return { ...draft, points: draft.points.filter((p) => p.key !== key) };
}
