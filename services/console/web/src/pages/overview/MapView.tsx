/**
 * Junctions on a plain map: a ground, a grid, and one mark each. It asks for nothing from anywhere, so it
 * works without a network; streets would need tiles that somebody serves.
 */
import "maplibre-gl/dist/maplibre-gl.css";
import {
  LngLatBounds,
  Map as MapLibre,
  Marker,
  NavigationControl,
  ScaleControl,
  setWorkerUrl,
} from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { useEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import type { SiteSummary } from "@/api/shapes";
import { useShownTheme } from "@/app/theme";
import { useTexts } from "@/texts";
import { Mark } from "@/ui";
import { graticule, styleOf } from "./mapStyle";
import styles from "./Overview.module.css";
import { SITE_TONES } from "./SiteGrid";

setWorkerUrl(new URL(workerUrl, location.href).href);

interface Pin {
  site: string;
  element: HTMLElement;
}

export default function MapView({ sites }: { sites: readonly SiteSummary[] }) {
  const t = useTexts();
  const theme = useShownTheme();
  const box = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<MapLibre>();
  const [pins, setPins] = useState<readonly Pin[]>([]);

  useEffect(() => {
    if (!box.current) return;
    const made = new MapLibre({
      container: box.current,
      style: styleOf(document.documentElement),
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      maxZoom: 18,
      fadeDuration: 0,
      // The wheel scrolls the page; with Ctrl it zooms.
      cooperativeGestures: true,
    });
    made.touchZoomRotate.disableRotation();
    made.addControl(new NavigationControl({ showCompass: false }), "top-right");
    made.addControl(new ScaleControl({ unit: "metric" }), "bottom-right");
    const grid = () => {
      const source = made.getSource("graticule");
      if (source && "setData" in source) {
        (source as { setData: (data: unknown) => void }).setData(graticule(made.getBounds()));
      }
    };
    made.on("moveend", grid);
    made.on("load", grid);
    setMap(made);
    return () => made.remove();
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme has other colours.
  useEffect(() => {
    map?.setStyle(styleOf(document.documentElement));
    map?.once("styledata", () => map.fire("moveend"));
  }, [map, theme]);

  const places = sites
    .map(({ id, latitude_deg, longitude_deg }) => `${id} ${latitude_deg} ${longitude_deg}`)
    .join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: pins are made anew when a place changes, not a state.
  useEffect(() => {
    if (!map) return;
    const bounds = new LngLatBounds();
    const made = sites.map((site) => {
      const at: [number, number] = [site.longitude_deg ?? 0, site.latitude_deg ?? 0];
      bounds.extend(at);
      const element = document.createElement("div");
      const marker = new Marker({ element, anchor: "left" }).setLngLat(at).addTo(map);
      return { marker, pin: { site: site.id, element } };
    });
    map.fitBounds(bounds, {
      padding: { top: 40, bottom: 40, left: 40, right: 170 },
      maxZoom: 14.5,
      animate: false,
    });
    setPins(made.map(({ pin }) => pin));
    return () => {
      for (const { marker } of made) marker.remove();
    };
  }, [map, places]);

  return (
    <section className={styles.map} aria-label={t("overview.map.label")}>
      <div ref={box} className={styles.map_box} />
      {pins.map(({ site: id, element }) => {
        const site = sites.find((one) => one.id === id);
        return site
          ? createPortal(
              <a className={styles.pin} href={`#/junction/${encodeURIComponent(site.id)}`}>
                <Mark tone={SITE_TONES[site.state]} size="1.15rem" />
                <span>
                  {site.name}
                  <span className="visually-hidden">: {t(`words.site.${site.state}`)}</span>
                </span>
              </a>,
              element,
              id,
            )
          : null;
      })}
    </section>
  );
}
