/** Boxes of tracks over a picture: a coloured line over a dark one, so that it stands out on any ground. */
import type { TrackShape } from "@/api/shapes";

/** The report's colours over pictures: Okabe and Ito, light enough for the dark outline. */
const COLOURS: Record<string, string> = {
  car: "#56b4e9",
  truck: "#e69f00",
  bus: "#f0e442",
  motorcycle: "#cc79a7",
  bicycle: "#78dcaa",
};

export function drawBoxes(
  canvas: CanvasRenderingContext2D,
  tracks: readonly TrackShape[],
  scale: number,
): void {
  canvas.clearRect(0, 0, canvas.canvas.width, canvas.canvas.height);
  for (const track of tracks) {
    // Nobody's attention is drawn to people.
    if (!track.box_px || track.class === "person") continue;
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = track.box_px.map((value) => value * scale);
    canvas.setLineDash(track.measured ? [] : [6, 4]);
    for (const [width, colour] of [
      [4.5, "rgb(12 14 18 / 75%)"],
      [2, COLOURS[track.class] ?? "#ffffff"],
    ] as const) {
      canvas.lineWidth = width;
      canvas.strokeStyle = colour;
      canvas.strokeRect(x0, y0, x1 - x0, y1 - y0);
    }
  }
  canvas.setLineDash([]);
}
