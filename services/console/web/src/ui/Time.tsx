import { useEffect, useState } from "react";
import { useFormat, useTexts } from "@/texts";

/** A moment in the site's time zone; the title tells it in UTC with milliseconds. */
export function Time({
  at,
  zone,
  show = "time",
}: {
  at: string | null | undefined;
  zone?: string | undefined;
  show?: "time" | "minute" | "dateTime";
}) {
  const t = useTexts();
  const format = useFormat();
  if (!at) return <span className="soft">{t("ui.time.none")}</span>;
  const utc = at
    .replace("T", " ")
    .replace(/(\.\d{3})\d*/, "$1")
    .replace(/Z$|\+00:00$/, "");
  return (
    <time dateTime={at} title={t("ui.time.utc", { time: utc })} className="numbers">
      {format[show](at, zone)}
    </time>
  );
}

/** How long something has lasted, counted on by this browser's clock from the server's `now`. */
export function Since({ at, now }: { at: string | null | undefined; now?: string | undefined }) {
  const t = useTexts();
  const format = useFormat();
  const [elapsed, setElapsed] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new `now` starts counting from 0 again.
  useEffect(() => {
    const start = Date.now();
    setElapsed(0);
    const timer = setInterval(() => setElapsed(Date.now() - start), 5000);
    return () => clearInterval(timer);
  }, [now]);
  if (!at) return <span className="soft">{t("ui.time.none")}</span>;
  const base = now ? Date.parse(now) : Date.now();
  return (
    <time dateTime={at} className="numbers">
      {format.span(base + elapsed - Date.parse(at))}
    </time>
  );
}
