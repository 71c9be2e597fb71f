/** Pictograms, drawn on 24 by 24. They stand beside words, never instead of them. */
const PATHS = {
  overview: "M4 5h7v6H4zM13 5h7v10h-7zM4 13h7v6H4zM13 17h7v2h-7z",
  review: "M5 4h14v16H5zM8.5 12.5l2.5 2.5 4.5-5.5",
  trust: "M12 3l7 3v5c0 4.6-3 8.2-7 10-4-1.8-7-5.4-7-10V6zM9 11.8l2.2 2.2 3.8-4.3",
  calibrate: "M12 3v4M12 17v4M3 12h4M17 12h4M12 8a4 4 0 100 8 4 4 0 000-8z",
  replay: "M5 12a7 7 0 107-7H8M10.5 2L7.5 5l3 3M11 9.5v5l4-2.5z",
  signs: "M4 5h16v9H4zM8 8h8M8 11h5M12 14v6M9 20h6",
  accounts:
    "M9 11a3.5 3.5 0 100-7 3.5 3.5 0 000 7zM3 20c0-3.5 2.5-6 6-6s6 2.5 6 6M16 4.5a3.5 3.5 0 010 6M18 14.5c2 .8 3 2.8 3 5.5",
  junction: "M9 3v6H3M15 3v6h6M9 21v-6H3M15 21v-6h6",
  camera: "M3 8h11v8H3zM14 11l6-3v8l-6-3",
  settings: "M4 7h9M17 7h3M15 5v4M4 17h3M11 17h9M9 15v4",
  user: "M12 12a4 4 0 100-8 4 4 0 000 8zM5 20c0-4 3-6 7-6s7 2 7 6",
  keys: "M3 7h18v10H3zM7 10.5h.01M11 10.5h.01M15 10.5h.01M8 14h8",
  check: "M5 12.5l4.5 4.5L19 7",
  cross: "M6 6l12 12M18 6L6 18",
  warning: "M12 4l9 16H3zM12 10v5M12 17.5v.01",
  info: "M12 3a9 9 0 100 18 9 9 0 000-18zM12 11v5M12 8v.01",
  down: "M6 9l6 6 6-6",
  right: "M9 6l6 6-6 6",
  left: "M15 6l-6 6 6 6",
  up: "M6 15l6-6 6 6",
  play: "M8 5l11 7-11 7z",
  pause: "M8 5v14M16 5v14",
  external: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  upload: "M12 16V5M7.5 9.5L12 5l4.5 4.5M4 16v4h16v-4",
  table: "M4 5h16v14H4zM4 10h16M4 14.5h16M10 10v9",
  clock: "M12 3a9 9 0 100 18 9 9 0 000-18zM12 7v5l3.5 2",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  edit: "M4 20l1-5L16 4l4 4L9 19z",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = "1.25em" }: { name: IconName; size?: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
