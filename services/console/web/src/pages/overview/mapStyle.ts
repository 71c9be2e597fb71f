/** The map's plain style, in the colours of the theme, and its grid. */
import type { LngLatBounds, StyleSpecification } from "maplibre-gl";

const EMPTY = { type: "FeatureCollection" as const, features: [] };

export function styleOf(root: Element): StyleSpecification {
  const style = getComputedStyle(root);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    version: 8,
    sources: { graticule: { type: "geojson", data: EMPTY } },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": token("paper") } },
      {
        id: "graticule",
        type: "line",
        source: "graticule",
        paint: { "line-color": token("line"), "line-width": 1 },
      },
    ],
  };
}

/** Degrees between the lines: about six over the longer side. */
export function stepOf(span: number): number {
  const wanted = Math.max(span, 1e-6) / 6;
  const power = 10 ** Math.floor(Math.log10(wanted));
  for (const step of [5, 2, 1]) {
    if (step * power <= wanted) return step * power;
  }
  return power;
}

/** Meridians and parallels in sight. */
export function graticule(bounds: LngLatBounds) {
  const [west, south, east, north] = [
    bounds.getWest(),
    bounds.getSouth(),
    bounds.getEast(),
    bounds.getNorth(),
  ];
  const step = stepOf(Math.max(east - west, north - south));
  const lines: [number, number][][] = [];
  for (let x = Math.ceil(west / step); x * step <= east && lines.length < 200; x += 1) {
    lines.push([
      [x * step, south],
      [x * step, north],
    ]);
  }
  for (let y = Math.ceil(south / step); y * step <= north && lines.length < 400; y += 1) {
    lines.push([
      [west, y * step],
      [east, y * step],
    ]);
  }
  return {
    type: "FeatureCollection" as const,
    features: lines.map((coordinates) => ({
      type: "Feature" as const,
      properties: {},
      geometry: { type: "LineString" as const, coordinates },
    })),
  };
}
