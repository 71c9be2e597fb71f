/** Lines over time with uPlot, in the tokens' colours. Import it lazily: uPlot is a chunk of its own. */
import "uplot/dist/uPlot.min.css";
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import { useShownTheme } from "@/app/theme";
import { useFormat } from "@/texts";
import styles from "./Chart.module.css";

export interface ChartSeries {
  name: string;
  values: (number | null)[];
  /** Name of a token, without dashes. */
  colour: string;
  /** Pattern of the line, so that lines tell themselves apart without colour. */
  dash?: number[];
}

export default function Chart({
  label,
  times,
  series,
  zone,
  height = 190,
  digits = 0,
  unit,
}: {
  label: string;
  /** Seconds since 1970. */
  times: number[];
  series: ChartSeries[];
  zone: string;
  height?: number;
  digits?: number;
  unit: string;
}) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const theme = useShownTheme();
  const format = useFormat();
  const data = [times, ...series.map((one) => one.values)] as uPlot.AlignedData;
  const shape = series.map((one) => `${one.name} ${one.colour}`).join();

  // biome-ignore lint/correctness/useExhaustiveDependencies: made anew for other lines or colours; data are set below.
  useEffect(() => {
    if (!box.current) return;
    const style = getComputedStyle(document.documentElement);
    const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
    const size = Number.parseFloat(style.fontSize);
    const font = `${Math.round(size * 0.8)}px ${token("font")}`;
    const axis = {
      stroke: token("soft"),
      font,
      grid: { stroke: token("line"), width: 1 },
      ticks: { stroke: token("line"), width: 1, size: 4 },
    };
    const made = new uPlot(
      {
        width: box.current.clientWidth || 600,
        height: Math.round((height * size) / 16),
        padding: [8, 22, 0, 0],
        legend: { show: false },
        cursor: { points: { size: 8 }, y: false, drag: { x: false, y: false } },
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), zone),
        scales: { y: { range: (_, __, max) => [0, Math.max(max || 0, 10 ** -digits) * 1.1] } },
        axes: [
          {
            ...axis,
            space: 70,
            values: (_, splits) =>
              splits.map((at) => format.minute(new Date(at * 1000).toISOString(), zone)),
          },
          {
            ...axis,
            size: Math.round(size * 3.4),
            values: (_, splits) => splits.map((value) => `${format.number(value, digits)}${unit}`),
          },
        ],
        series: [
          {},
          ...series.map((one) => ({
            label: one.name,
            stroke: token(one.colour),
            width: 2,
            ...(one.dash ? { dash: one.dash } : {}),
            points: { show: false },
          })),
        ],
      },
      data,
      box.current,
    );
    plot.current = made;
    const resized = new ResizeObserver(([entry]) => {
      const width = entry?.contentRect.width ?? 0;
      if (width > 0) made.setSize({ width, height: made.height });
    });
    resized.observe(box.current);
    return () => {
      resized.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [theme, shape, zone, height, digits, unit, format]);

  useEffect(() => {
    plot.current?.setData(data);
  });

  return (
    <div className={styles.chart}>
      <div ref={box} role="img" aria-label={label} />
      <ul className={styles.legend}>
        {series.map((one) => (
          <li key={one.name}>
            <svg viewBox="0 0 28 6" width="1.75em" height="0.4em" aria-hidden="true">
              <path
                d="M0 3h28"
                stroke={`var(--${one.colour})`}
                strokeWidth="4"
                strokeDasharray={one.dash?.join(" ")}
              />
            </svg>
            {one.name}
          </li>
        ))}
      </ul>
    </div>
  );
}
