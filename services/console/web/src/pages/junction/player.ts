/** A clock for a recorded span: plays, stops at the end, jumps. Times in milliseconds. */
import { useCallback, useEffect, useRef, useState } from "react";

export interface Player {
  at: number;
  playing: boolean;
  speed: number;
  toggle: () => void;
  seek: (to: number) => void;
  setSpeed: (speed: number) => void;
}

export function usePlayer(from: number, to: number, start: number): Player {
  const [at, setAt] = useState(start);
  const [playing, setPlaying] = useState(
    () => !matchMedia("(prefers-reduced-motion: reduce)").matches,
  );
  const [speed, setSpeed] = useState(1);
  const now = useRef(start);

  const seek = useCallback(
    (wanted: number) => {
      now.current = Math.min(to, Math.max(from, wanted));
      setAt(now.current);
    },
    [from, to],
  );
  const toggle = useCallback(() => {
    setPlaying((before) => {
      // Playing at the end begins again.
      if (!before && now.current >= to) now.current = from;
      return !before;
    });
  }, [from, to]);

  useEffect(() => {
    if (!playing) return;
    let last = performance.now();
    let asked = 0;
    const step = (time: number) => {
      now.current = Math.min(to, now.current + (time - last) * speed);
      last = time;
      setAt(now.current);
      if (now.current >= to) setPlaying(false);
      else asked = requestAnimationFrame(step);
    };
    asked = requestAnimationFrame(step);
    return () => cancelAnimationFrame(asked);
  }, [playing, speed, to]);

  return { at, playing, speed, toggle, seek, setSpeed };
}
