/**
 * A sheet to look at and draw on: zoom with the wheel or + and -, move by dragging, place points with the
 * mouse or with a crosshair by the arrow keys. Children draw in screen pixels, so that lines and handles
 * keep their size at every zoom.
 */
import {
  createContext,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useContext,
  useEffect,
  useEffectEvent,
  useRef,
  useState,
} from "react";
import type { Vec2 } from "../geometry/matrix";
import styles from "./panes.module.css";
import { type Bounds, type Frame, fitView, pan, toWorld, type View, zoomAt } from "./view";

interface StageTools {
  frame: Frame;
  /** Where a pointer is in the stage, screen pixels. */
  local: (event: { clientX: number; clientY: number }) => Vec2;
}

const Context = createContext<StageTools | undefined>(undefined);

export function useStage(): StageTools {
  const tools = useContext(Context);
  if (!tools) throw new Error("a stage's part is used outside of it");
  return tools;
}

export interface StageProps {
  label: string;
  describedBy?: string;
  bounds: Bounds;
  /** Fits anew when it changes. */
  fitKey: string;
  up: boolean;
  margin?: number;
  drawing: boolean;
  onPick: (at: Vec2, scale: number) => void;
  onHover?: (at: Vec2 | null, scale: number) => void;
  onFinish?: () => void;
  /** Arrow keys while nothing is drawn: direction on the screen, and whether Shift is held. */
  onArrow?: (direction: Vec2, far: boolean) => void;
  onFocus?: () => void;
  children: (frame: Frame) => ReactNode;
  overlay?: (frame: Frame, pointer: Vec2 | null) => ReactNode;
}

const ARROWS: Readonly<Record<string, Vec2>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function Stage(props: StageProps) {
  const { bounds, fitKey, up, drawing, margin = 0 } = props;
  const box = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const [size, setSize] = useState<Vec2>([0, 0]);
  const [moved, setMoved] = useState<{ key: string; view: View }>();
  const [pointer, setPointer] = useState<Vec2 | null>(null);
  const grab = useRef<{ from: Vec2; last: Vec2; panning: boolean; button: number } | null>(null);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize([entry.contentRect.width, entry.contentRect.height]);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const [width, height] = size;
  const ready = width > 0 && height > 0;
  const fitted = fitView(bounds, Math.max(1, width), Math.max(1, height), margin);
  const view = moved && moved.key === fitKey ? moved.view : fitted;
  const frame: Frame = { view, width, height, up };
  const setView = (next: View) => setMoved({ key: fitKey, view: next });
  const zoom = (at: Vec2, by: number) =>
    setView(zoomAt(frame, at, by, fitted.scale / 8, fitted.scale * 200));

  const local = (event: { clientX: number; clientY: number }): Vec2 => {
    const rect = svg.current?.getBoundingClientRect();
    return [event.clientX - (rect?.left ?? 0), event.clientY - (rect?.top ?? 0)];
  };
  const hover = (at: Vec2 | null) => {
    setPointer(at);
    props.onHover?.(at ? toWorld(frame, at) : null, view.scale);
  };

  const wheel = useEffectEvent((event: WheelEvent) => {
    event.preventDefault();
    zoom(local(event), Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0015)));
  });
  useEffect(() => {
    const element = svg.current;
    if (!element) return;
    // React's own wheel listener is passive: the page would scroll too.
    const listener = (event: WheelEvent) => wheel(event);
    element.addEventListener("wheel", listener, { passive: false });
    return () => element.removeEventListener("wheel", listener);
  }, []);

  const down = (event: PointerEvent<SVGSVGElement>) => {
    const at = local(event);
    const panning = event.button === 1 || (event.button === 0 && !drawing);
    if (event.button > 1) return;
    grab.current = { from: at, last: at, panning, button: event.button };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent<SVGSVGElement>) => {
    const at = local(event);
    const held = grab.current;
    if (held?.panning) {
      setView(pan(frame, [at[0] - held.last[0], at[1] - held.last[1]]));
      held.last = at;
    }
    hover(at);
  };
  const release = (event: PointerEvent<SVGSVGElement>) => {
    const held = grab.current;
    grab.current = null;
    if (held?.button !== 0) return;
    const at = local(event);
    const still = Math.hypot(at[0] - held.from[0], at[1] - held.from[1]) < 4;
    if (still || drawing) props.onPick(toWorld(frame, at), view.scale);
  };

  const key = (event: KeyboardEvent<SVGSVGElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const middle: Vec2 = [width / 2, height / 2];
    const direction = ARROWS[event.key];
    if (direction) {
      event.preventDefault();
      if (!drawing) props.onArrow?.(direction, event.shiftKey);
      else {
        const from = pointer ?? middle;
        const by = event.shiftKey ? 10 : 1;
        hover([
          Math.min(width, Math.max(0, from[0] + direction[0] * by)),
          Math.min(height, Math.max(0, from[1] + direction[1] * by)),
        ]);
      }
    } else if (event.key === "+" || event.key === "=") zoom(pointer ?? middle, 1.25);
    else if (event.key === "-") zoom(pointer ?? middle, 0.8);
    else if (event.key === "0") setMoved(undefined);
    else if (event.key === " " && drawing) {
      event.preventDefault();
      const at = pointer ?? middle;
      if (!pointer) hover(at);
      props.onPick(toWorld(frame, at), view.scale);
    } else if (event.key === "Enter" && drawing) props.onFinish?.();
    else return;
    event.stopPropagation();
  };

  const tools: StageTools = { frame, local };
  return (
    <div ref={box} className={styles.stage}>
      <svg
        ref={svg}
        className={[styles.sheet, drawing ? styles.crosshair : styles.grab].join(" ")}
        width={width}
        height={height}
        role="application"
        tabIndex={0}
        aria-label={props.label}
        aria-describedby={props.describedBy}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={release}
        onPointerLeave={() => {
          if (!grab.current) hover(null);
        }}
        onDoubleClick={() => props.onFinish?.()}
        onKeyDown={key}
        onFocus={props.onFocus}
      >
        {ready ? (
          <Context value={tools}>
            {props.children(frame)}
            {drawing && pointer ? (
              <g className={styles.cross}>
                <path d={`M0 ${pointer[1]}H${width}M${pointer[0]} 0V${height}`} />
              </g>
            ) : null}
          </Context>
        ) : null}
      </svg>
      {ready ? props.overlay?.(frame, pointer) : null}
    </div>
  );
}

/** A point to take hold of. Positions are the screen's; `onMove` gets the world's. */
export function Handle({
  at,
  kind = "point",
  selected = false,
  label,
  number,
  onGrab,
  onMove,
  onDrop,
}: {
  at: Vec2;
  kind?: "point" | "add" | "box";
  selected?: boolean;
  label?: string;
  number?: number | string;
  onGrab?: () => void;
  onMove?: (world: Vec2, scale: number) => void;
  onDrop?: () => void;
}) {
  const { frame, local } = useStage();
  const held = useRef<Vec2 | null>(null);
  const r = kind === "add" ? 5 : number === undefined ? 7 : 12;
  // On a wall of screens letters are larger, and so are handles.
  const k = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1;
  return (
    <g
      className={[styles.handle, selected ? styles.selected : "", styles[`handle_${kind}`]].join(
        " ",
      )}
      transform={`translate(${at[0]} ${at[1]}) scale(${k})`}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.stopPropagation();
        const from = local(event);
        held.current = [at[0] - from[0], at[1] - from[1]];
        event.currentTarget.setPointerCapture(event.pointerId);
        onGrab?.();
        event.currentTarget.ownerSVGElement?.focus();
      }}
      onPointerMove={(event) => {
        if (!held.current) return;
        event.stopPropagation();
        const to = local(event);
        onMove?.(
          toWorld(frame, [to[0] + held.current[0], to[1] + held.current[1]]),
          frame.view.scale,
        );
      }}
      onPointerUp={(event) => {
        if (!held.current) return;
        event.stopPropagation();
        held.current = null;
        onDrop?.();
      }}
    >
      {label ? <title>{label}</title> : null}
      <circle className={styles.reach} r={14} />
      {kind === "box" ? <rect x={-5} y={-5} width={10} height={10} /> : <circle r={r} />}
      {kind === "add" ? <path d="M-3 0H3M0 -3V3" /> : null}
      {number !== undefined ? (
        <text dy="0.35em" textAnchor="middle">
          {number}
        </text>
      ) : null}
    </g>
  );
}
