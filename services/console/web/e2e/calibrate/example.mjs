// What the example's own site file says, for whoever draws it once more: ground points and the northern approach.
import { readFileSync } from "node:fs";
import { parse } from "smol-toml";

const file = new URL("../../../../../examples/junction/site.toml", import.meta.url);
const site = parse(readFileSync(file, "utf8"));

/** Points known in the picture and on the ground, in pixels of a picture half as large. */
export const points = site.camera[0].calibration.points.map(({ image_px: [x, y], ground_m }) => ({
  image_px: [x / 2, y / 2],
  ground_m,
}));

/** Of a lane, the part that the camera sees. */
const SEEN_M = 22;
export const lanes = site.lane
  .filter(({ approach }) => approach === "Nin")
  .map(({ id, centreline_m: [[x], end] }) => ({ id, line_m: [[x, end[1] + SEEN_M], end] }));

export const stopLine = site.stop_line.find(({ id }) => id === "Nin");

/** The inside of the junction, behind the northern crossing. */
export const area = [
  [212, 227],
  [228, 227],
  [228, 213],
  [212, 213],
];
