/** Before the line, at the line, after it: what most cases are decided by. */
import type { ReactNode } from "react";
import { type TextKey, type Translate, useTexts } from "@/texts";
import { ErrorNote, Skeleton, Time } from "@/ui";
import { type CaseFiles, MOMENTS, type Moment } from "../logic/files";
import { written } from "../logic/instants";
import { type Manifest, stateNear, type TrackState } from "../logic/package";
import shared from "../review.module.css";
import { Key } from "./Key";
import { Outline } from "./Picture";
import { asShown } from "./Resting";
import styles from "./Stills.module.css";

/** When a still was taken, microseconds; none where the package does not say. */
export function takenAt(manifest: Manifest | null, moment: Moment): number | null {
  return manifest?.stills[moment.replace("-", "_")] ?? null;
}

/** What a still is called: not every rule has a line. */
export function stillName(t: Translate, moment: Moment, rule: string): string {
  const line = rule === "red_light" || rule === "stop_line";
  const name = moment === "at-line" ? (line ? "at_line" : "at_event") : moment;
  return t(`review.stills.${name}` as TextKey);
}

export function Stills({
  files,
  manifest,
  track,
  zone,
  rule,
  enlarge,
  reload,
}: {
  files: CaseFiles;
  manifest: Manifest | null;
  track: TrackState[];
  zone: string | undefined;
  rule: string;
  enlarge: (picture: number) => void;
  reload: () => void;
}) {
  const t = useTexts();
  return (
    <section className={styles.stills} aria-label={t("review.stills.title")}>
      {MOMENTS.map((moment, place) => {
        const still = files.stills[moment];
        const at = takenAt(manifest, moment);
        const name = stillName(t, moment, rule);
        return (
          <Frame
            key={moment}
            caption={
              <>
                <Key cap={String(place + 1)} /> <strong>{name}</strong>
                {at === null ? null : (
                  <span className="soft">
                    <Time at={written(at)} zone={zone} />
                  </span>
                )}
                {moment === "after" ? (
                  <span className={styles.boundary}>{t("review.stills.boundary")}</span>
                ) : null}
              </>
            }
          >
            {still.state === "ready" ? (
              <button
                type="button"
                className={styles.picture_button}
                onClick={() => enlarge(place + 1)}
                aria-label={t("review.stills.enlarge", { name })}
              >
                <img
                  src={still.value}
                  alt={t("review.stills.alt", { name })}
                  className={shared.picture}
                />
                {manifest && at !== null ? (
                  <Outline
                    state={stateNear(track, at)}
                    width={manifest.clip.width}
                    height={manifest.clip.height}
                  />
                ) : null}
              </button>
            ) : still.state === "failed" ? (
              <ErrorNote error={asShown(still.failure)} retry={reload} />
            ) : (
              <Skeleton height="100%" />
            )}
          </Frame>
        );
      })}
    </section>
  );
}

function Frame({ children, caption }: { children: ReactNode; caption: ReactNode }) {
  return (
    <figure className={styles.figure}>
      <div className={`${shared.screen} ${styles.still}`}>{children}</div>
      <figcaption className={styles.caption}>{caption}</figcaption>
    </figure>
  );
}
