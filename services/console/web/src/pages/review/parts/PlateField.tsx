/** The plate: what the reader suggests, where it doubts, and what the reviewer confirms or corrects. It is in
 * this component's props and in the request alone: in no address, no storage and no log. */
import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { type TextKey, useFormat, useTexts } from "@/texts";
import { Badge, Button, Icon } from "@/ui";
import type { ReviewDesk } from "../logic/desk";
import { type CaseFiles, MOMENTS } from "../logic/files";
import { keyCap } from "../logic/keys";
import { stateNear, type TrackState } from "../logic/package";
import { doubts, readPlate } from "../logic/plate";
import type { Held, Session } from "../logic/session";
import { Key } from "./Key";
import { CloseUp } from "./Picture";
import styles from "./PlateField.module.css";
import { takenAt } from "./Stills";

export function PlateField({
  desk,
  session,
  held,
  files,
  text,
  approve,
}: {
  desk: ReviewDesk;
  session: Session;
  held: Held;
  files: CaseFiles;
  text: string;
  approve: (confirmed: boolean) => void;
}) {
  const t = useTexts();
  const format = useFormat();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [tried, setTried] = useState(false);
  const editing = session.mode === "plate";
  const readings = files.readings.state === "ready" ? files.readings.value.readings : [];
  const [best] = readings;
  const found = doubts(readings);
  const read = readPlate(text);
  const problem = "problem" in read ? read.problem : null;
  const untouched = held.draft.plate === null && best !== undefined;

  // biome-ignore lint/correctness/useExhaustiveDependencies: only opening the field moves the cursor.
  useEffect(() => {
    if (!editing) return setTried(false);
    input.current?.focus();
    const doubtful = found.findIndex((one) => one.doubt > 0);
    if (untouched && doubtful >= 0) input.current?.setSelectionRange(doubtful, doubtful + 1);
    else input.current?.select();
  }, [editing]);

  const confirm = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (problem) return;
    desk.put({ is: "draft", draft: { plate: text, confirmed: true } });
    if (session.approving) approve(true);
    else desk.put({ is: "mode", mode: "look" });
    input.current?.blur();
  };

  return (
    <form className={styles.plate} onSubmit={confirm} autoComplete="off">
      <PlateCloseUp files={files} />
      <div className={styles.plate_head}>
        <label htmlFor={id}>{t("review.plate.label")}</label>
        {held.draft.confirmed ? (
          <Badge tone="good">{t("review.plate.confirmed")}</Badge>
        ) : best ? (
          <Badge
            tone={best.confidence >= 0.7 ? "info" : "warn"}
            title={t("review.plate.score_title")}
          >
            {t("review.plate.suggested", { score: format.number(best.confidence * 100) })}
          </Badge>
        ) : (
          <span className="soft">{t(`review.plate.${nothing(files)}` as TextKey)}</span>
        )}
      </div>
      <div className={styles.plate_row}>
        <input
          ref={input}
          id={id}
          className={styles.plate_input}
          value={text}
          onChange={(event) =>
            desk.put({ is: "draft", draft: { plate: event.target.value, confirmed: false } })
          }
          onFocus={() => {
            if (!editing) desk.put({ is: "mode", mode: "plate" });
          }}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            input.current?.blur();
            desk.put({ is: "mode", mode: "look" });
          }}
          maxLength={24}
          spellCheck={false}
          autoComplete="off"
          autoCorrect="off"
          autoCapitalize="characters"
          data-1p-ignore
          data-lpignore="true"
          aria-invalid={tried && problem !== null}
          aria-describedby={`${id}-note`}
        />
        <Button type="submit" kind={editing ? "primary" : "plain"}>
          {editing ? <Key cap="Enter" /> : <Key cap={keyCap("plate")} />}
          <span className="visually-hidden">
            {t(
              editing && session.approving
                ? "review.plate.confirm_approve"
                : "review.plate.confirm",
            )}
          </span>
          <Icon name="check" size="1.1rem" />
        </Button>
      </div>
      <div id={`${id}-note`} className={styles.plate_note}>
        {tried && problem ? (
          <span className={styles.wrong}>
            {t(`review.plate.problem_${problem.kind}`, values(problem))}
          </span>
        ) : untouched && found.some((one) => one.doubt > 0) ? (
          <Doubts found={found} />
        ) : (
          <span className="soft">
            {editing
              ? t("review.plate.enter", {
                  suggested: String(best !== undefined),
                  approving: String(session.approving),
                })
              : t("review.plate.rule")}
          </span>
        )}
      </div>
    </form>
  );
}

function values(problem: { kind: string; found?: number; place?: number }): Record<string, number> {
  return { found: problem.found ?? 0, place: problem.place ?? 0 };
}

function nothing(files: CaseFiles): string {
  if (files.readings.state === "loading") return "reading";
  if (files.readings.state === "failed") return "failed";
  return files.readings.value.noReader ? "no_reader" : "none";
}

/** The reading, with what else each doubtful character may be below it. */
function Doubts({ found }: { found: ReturnType<typeof doubts> }) {
  const t = useTexts();
  return (
    <span className={styles.doubts}>
      <span className="visually-hidden">{t("review.plate.doubtful")}</span>
      {found.map((one, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a character is its place.
        <span key={place} className={one.doubt > 0 ? styles.doubt : styles.sure}>
          <span>{one.character}</span>
          <span className={styles.others}>
            {one.others.map((other) => (other === "" ? "–" : other)).join(" ")}
          </span>
        </span>
      ))}
    </span>
  );
}

/** The vehicle where it is largest in a still: there the plate is best read. */
function PlateCloseUp({ files }: { files: CaseFiles }) {
  const t = useTexts();
  const manifest = files.manifest.state === "ready" ? files.manifest.value : null;
  const track = files.track.state === "ready" ? files.track.value : [];
  if (!manifest || manifest.clip.width === 0) return <div className={styles.plate_gap} />;
  let best: { url: string; state: TrackState; area: number } | null = null;
  for (const moment of MOMENTS) {
    const still = files.stills[moment];
    const at = takenAt(manifest, moment);
    const state = at === null ? null : stateNear(track, at);
    if (still.state !== "ready" || !state) continue;
    const area = (state.box[2] - state.box[0]) * (state.box[3] - state.box[1]);
    if (!best || area > best.area) best = { url: still.value, state, area };
  }
  if (!best) return <div className={styles.plate_gap} />;
  return (
    <div className={styles.plate_picture}>
      <CloseUp
        url={best.url}
        state={best.state}
        width={manifest.clip.width}
        height={manifest.clip.height}
        alt={t("review.plate.closeup")}
      />
    </div>
  );
}
