// Where a pane looks: which world point is in its middle, and how many screen pixels a world unit takes.

import type { Vec2 } from "../geometry/matrix";

export interface View {
  centre: Vec2;
  scale: number;
}

export interface Frame {
  view: View;
  width: number;
  height: number;
  /** North is up on plans; rows go down in pictures. */
  up: boolean;
}

/** Left, bottom or top, right, top or bottom: the smaller first. */
export type Bounds = readonly [number, number, number, number];

export function fitView(bounds: Bounds, width: number, height: number, margin = 0): View {
  const w = Math.max(1e-6, bounds[2] - bounds[0]);
  const h = Math.max(1e-6, bounds[3] - bounds[1]);
  const scale = Math.max(1e-6, Math.min((width - 2 * margin) / w, (height - 2 * margin) / h));
  return { centre: [(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2], scale };
}

export function toScreen({ view, width, height, up }: Frame, p: Vec2): Vec2 {
  const y = (p[1] - view.centre[1]) * view.scale;
  return [width / 2 + (p[0] - view.centre[0]) * view.scale, height / 2 + (up ? -y : y)];
}

export function toWorld({ view, width, height, up }: Frame, s: Vec2): Vec2 {
  const y = (s[1] - height / 2) / view.scale;
  return [view.centre[0] + (s[0] - width / 2) / view.scale, view.centre[1] + (up ? -y : y)];
}

/** Closer or further, with the world point under `at` kept where it is. */
export function zoomAt(frame: Frame, at: Vec2, by: number, least: number, most: number): View {
  const scale = Math.min(most, Math.max(least, frame.view.scale * by));
  const fixed = toWorld(frame, at);
  const after = toWorld({ ...frame, view: { ...frame.view, scale } }, at);
  return {
    scale,
    centre: [
      frame.view.centre[0] + fixed[0] - after[0],
      frame.view.centre[1] + fixed[1] - after[1],
    ],
  };
}

export function pan(frame: Frame, by: Vec2): View {
  const { centre, scale } = frame.view;
  return {
    scale,
    centre: [centre[0] - by[0] / scale, centre[1] + (frame.up ? by[1] : -by[1]) / scale],
  };
}

/** A step of a grid so that its lines are at least `apart` screen pixels apart: 1, 2, 5, 10 and so on. */
export function gridStep(scale: number, apart: number): number {
  const least = apart / scale;
  const ten = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((k) => k * ten).find((step) => step >= least) ?? ten * 10;
}
