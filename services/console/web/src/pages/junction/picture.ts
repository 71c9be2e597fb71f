/** Asks for a camera's picture twice a second, one at a time, and rests while nobody looks. */
import { useEffect, useState } from "react";
import { send } from "@/api/http";
import { asProblem, type Problem } from "@/api/problem";

export interface Picture {
  /** An object URL; undefined where there is no picture. */
  url: string | undefined;
  /** Capture instant, RFC 3339. */
  time: string | undefined;
  problem: Problem | undefined;
}

const EVERY_MS = 500;
const AFTER_PROBLEM_MS = 3000;
/** Pictures are made while somebody looks: the first one takes a moment, and until then there is none. */
const FIRST_TRIES = 10;
const FIRST_EVERY_MS = 300;

export function usePicture(site: string, camera: string): Picture {
  const [picture, setPicture] = useState<Picture>({
    url: undefined,
    time: undefined,
    problem: undefined,
  });
  useEffect(() => {
    const path = `/api/v1/sites/${encodeURIComponent(site)}/cameras/${encodeURIComponent(camera)}/picture`;
    const abort = new AbortController();
    let shown: string | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let tries = 0;

    const ask = async () => {
      const begun = Date.now();
      let wait = EVERY_MS;
      if (!document.hidden) {
        try {
          const response = await send("GET", path, { signal: abort.signal });
          const url = URL.createObjectURL(await response.blob());
          if (abort.signal.aborted) {
            URL.revokeObjectURL(url);
            return;
          }
          const before = shown;
          shown = url;
          setPicture({
            url,
            time: response.headers.get("wayside-frame-time") ?? undefined,
            problem: undefined,
          });
          // The one before is in the page until the next frame is drawn.
          if (before) setTimeout(() => URL.revokeObjectURL(before), 1000);
        } catch (error) {
          if (abort.signal.aborted) return;
          const problem = asProblem(error);
          tries += 1;
          if (problem.status === 404 && !shown && tries < FIRST_TRIES) {
            wait = FIRST_EVERY_MS;
          } else {
            wait = AFTER_PROBLEM_MS;
            setPicture((last) => ({ ...last, problem }));
          }
        }
      }
      timer = setTimeout(() => void ask(), Math.max(50, wait - (Date.now() - begun)));
    };
    void ask();
    return () => {
      abort.abort();
      clearTimeout(timer);
      if (shown) URL.revokeObjectURL(shown);
    };
  }, [site, camera]);
  return picture;
}
