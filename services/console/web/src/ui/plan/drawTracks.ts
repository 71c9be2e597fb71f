/** Vehicles as oriented rectangles with their front marked, people as dots without anything else. */
import type { TrackShape } from "@/api/shapes";
import type { PlanColours } from "./colours";
import { corners, type Frame, toDrawing, type XY, xy } from "./geometry";

const PEOPLE = new Set(["person", "bicycle"]);

export interface DrawOptions {
  colours: PlanColours;
  /** Pixels of the canvas in a metre. */
  scale: number;
  /** This track is what it is about. */
  highlight?: number | undefined;
}

export function drawTracks(
  canvas: CanvasRenderingContext2D,
  frame: Frame,
  tracks: readonly TrackShape[],
  { colours, scale, highlight }: DrawOptions,
): void {
  const at = (point: XY): XY => {
    const [x, y] = toDrawing(frame, point);
    return [x * scale, y * scale];
  };
  canvas.lineJoin = "round";
  for (const track of tracks) {
    const colour = colours.classes[track.class] ?? colours.ink;
    // A state that was only predicted is drawn fainter.
    canvas.globalAlpha = track.measured ? 1 : 0.55;
    if (PEOPLE.has(track.class)) {
      const [x, y] = at(xy(track.front_m));
      canvas.beginPath();
      canvas.arc(x, y, Math.max(3.5, 0.45 * scale), 0, Math.PI * 2);
      canvas.fillStyle = colour;
      canvas.fill();
      canvas.lineWidth = 1.5;
      canvas.strokeStyle = colours.sheet;
      canvas.stroke();
      continue;
    }
    const [frontLeft, frontRight, rearRight, rearLeft] = corners(track).map(at) as [XY, XY, XY, XY];
    const marked = highlight !== undefined && track.id === highlight;
    canvas.beginPath();
    canvas.moveTo(...frontLeft);
    canvas.lineTo(...frontRight);
    canvas.lineTo(...rearRight);
    canvas.lineTo(...rearLeft);
    canvas.closePath();
    canvas.fillStyle = marked ? colours.bad : colour;
    canvas.fill();
    canvas.lineWidth = marked ? 3 : 1.5;
    canvas.strokeStyle = marked ? colours.ink : colours.sheet;
    canvas.stroke();
    // The front: a dark wedge that points where the vehicle looks.
    const mid = (a: XY, b: XY, part: number): XY => [
      a[0] + (b[0] - a[0]) * part,
      a[1] + (b[1] - a[1]) * part,
    ];
    const depth = Math.min(0.5, 1.6 / Math.max(track.length_m, 1.6));
    canvas.beginPath();
    canvas.moveTo(...mid(frontLeft, frontRight, 0.5));
    canvas.lineTo(...mid(mid(frontLeft, rearLeft, depth), mid(frontRight, rearRight, depth), 0.12));
    canvas.lineTo(...mid(mid(frontLeft, rearLeft, depth), mid(frontRight, rearRight, depth), 0.88));
    canvas.closePath();
    canvas.fillStyle = colours.sheet;
    canvas.fill();
    if (marked) {
      const [x, y] = mid(mid(frontLeft, rearRight, 0.5), mid(frontRight, rearLeft, 0.5), 0.5);
      canvas.beginPath();
      canvas.arc(x, y, Math.max(14, 4.2 * scale), 0, Math.PI * 2);
      canvas.lineWidth = 2.5;
      canvas.strokeStyle = colours.bad;
      canvas.stroke();
    }
  }
  canvas.globalAlpha = 1;
}
