/** Where it is decided: approve, reject with a reason, send back, give back, and the plate. */
import { type FormEvent, useEffect, useRef, useState } from "react";
import { type TextKey, useTexts } from "@/texts";
import { Button, Mark, TextField } from "@/ui";
import type { Reason } from "../logic/api";
import type { ReviewDesk } from "../logic/desk";
import type { CaseFiles } from "../logic/files";
import { type Command, keyCap } from "../logic/keys";
import { acts, type Held, type Session } from "../logic/session";
import styles from "./Decide.module.css";
import { Key } from "./Key";
import { PlateField } from "./PlateField";
import { reasonText } from "./StatusLine";

/** As the desk takes them, bytes; a character may have four. */
const WHY_CHARACTERS_MAX = 400;

export function Decide({
  desk,
  session,
  held,
  files,
  reasons,
  plateText,
  needsPlate,
  unsound,
  perform,
  approve,
  reject,
}: {
  desk: ReviewDesk;
  session: Session;
  held: Held;
  files: CaseFiles;
  reasons: Reason[];
  plateText: string;
  needsPlate: boolean;
  unsound: boolean;
  perform: (found: Command) => void;
  approve: (confirmed: boolean) => void;
  reject: (reason: string) => void;
}) {
  const t = useTexts();
  const contest = held.claim.stage === "contest";
  const closed = !acts(session);
  return (
    <section
      className={[styles.decide, session.mode === "reason" ? styles.decide_wide : ""].join(" ")}
      aria-label={t("review.act.title")}
    >
      {session.mode === "reason" ? (
        <Reasons
          reasons={reasons}
          contest={contest}
          reject={reject}
          back={() => perform({ act: "back" })}
        />
      ) : session.mode === "send_back" ? (
        <SendBack desk={desk} />
      ) : (
        <>
          {needsPlate && !unsound ? (
            <PlateField
              desk={desk}
              session={session}
              held={held}
              files={files}
              text={plateText}
              approve={approve}
            />
          ) : null}
          {contest ? <p className="soft">{t("review.act.contest")}</p> : null}
          {session.mode === "note" || held.draft.note ? (
            <NoteField desk={desk} session={session} held={held} />
          ) : null}
          <div className={styles.acts}>
            <Button
              kind="primary"
              size="large"
              className={styles.act_main ?? ""}
              onPress={() => perform({ act: "approve" })}
              isDisabled={closed || unsound}
            >
              {t(contest ? "review.act.uphold" : "review.act.approve")}{" "}
              <Key cap={keyCap("approve")} />
            </Button>
            <Button
              kind="danger"
              size="large"
              className={styles.act_main ?? ""}
              onPress={() => perform({ act: "reject" })}
              isDisabled={closed || unsound}
            >
              {t(contest ? "review.act.withdraw" : "review.act.reject")}{" "}
              <Key cap={keyCap("reject")} />
            </Button>
            <Button
              size="small"
              className={styles.act_small ?? ""}
              onPress={() => perform({ act: "send_back" })}
              isDisabled={closed}
            >
              {t("review.act.send_back")} <Key cap={keyCap("send_back")} />
            </Button>
            <Button
              size="small"
              className={styles.act_small ?? ""}
              onPress={() => perform({ act: "release" })}
            >
              {t("review.act.release")} <Key cap={keyCap("release")} />
            </Button>
            <Button
              size="small"
              className={styles.act_small ?? ""}
              onPress={() => perform({ act: "note" })}
              isDisabled={closed}
            >
              {t("review.act.note")} <Key cap={keyCap("note")} />
            </Button>
          </div>
        </>
      )}
    </section>
  );
}

function Reasons({
  reasons,
  contest,
  reject,
  back,
}: {
  reasons: Reason[];
  contest: boolean;
  reject: (reason: string) => void;
  back: () => void;
}) {
  const t = useTexts();
  return (
    <div className={styles.reasons}>
      <h2>{t(contest ? "review.reasons.withdraw" : "review.reasons.title")}</h2>
      <ol className={styles.reason_list}>
        {reasons.map((reason, place) => (
          <li key={reason.reason}>
            <Button
              size="small"
              className={styles.reason ?? ""}
              onPress={() => reject(reason.reason)}
            >
              <Key cap={String((place + 1) % 10)} />
              <span className={styles.reason_text}>
                {reasonText(t, reason.reason, reason.sentence)}
              </span>
              {reason.is_error_of_the_rule ? (
                <>
                  <Mark tone="warn" />
                  <span className="visually-hidden">{t("review.reasons.error")}</span>
                </>
              ) : null}
            </Button>
          </li>
        ))}
      </ol>
      <div className={styles.reason_foot}>
        <span className="soft" title={t("review.reasons.error_title")}>
          <Mark tone="warn" /> {t("review.reasons.error")}
        </span>
        <Button size="small" kind="quiet" onPress={back}>
          {t("review.act.back")} <Key cap="Esc" />
        </Button>
      </div>
    </div>
  );
}

function SendBack({ desk }: { desk: ReviewDesk }) {
  const t = useTexts();
  const [why, setWhy] = useState("");
  const form = useRef<HTMLFormElement>(null);
  const text = why.trim();
  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (text !== "") desk.put({ is: "choose", choice: { kind: "send_back", why: text } });
  };
  const back = (): void => desk.put({ is: "mode", mode: "look" });
  useEffect(() => form.current?.querySelector("input")?.focus(), []);
  return (
    <form
      ref={form}
      className={styles.form}
      onSubmit={send}
      onKeyDown={(event) => {
        if (event.key === "Escape") back();
      }}
    >
      <TextField
        label={t("review.send_back.label")}
        description={t("review.send_back.text")}
        value={why}
        onChange={setWhy}
        maxLength={WHY_CHARACTERS_MAX}
        autoComplete="off"
      />
      <div className={styles.acts}>
        <Button type="submit" kind="primary" isDisabled={text === ""}>
          {t("review.act.send_back")} <Key cap="Enter" />
        </Button>
        <Button kind="quiet" onPress={back}>
          {t("review.act.back")} <Key cap="Esc" />
        </Button>
      </div>
    </form>
  );
}

function NoteField({ desk, session, held }: { desk: ReviewDesk; session: Session; held: Held }) {
  const t = useTexts();
  const form = useRef<HTMLFormElement>(null);
  const editing = session.mode === "note";
  const done = (): void => {
    form.current?.querySelector("input")?.blur();
    desk.put({ is: "mode", mode: "look" });
  };
  useEffect(() => {
    if (editing) form.current?.querySelector("input")?.focus();
  }, [editing]);
  return (
    <form
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        done();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") done();
      }}
    >
      <TextField
        label={t("review.note.label" as TextKey)}
        description={t("review.note.text" as TextKey)}
        value={held.draft.note}
        onChange={(note) => desk.put({ is: "draft", draft: { note } })}
        maxLength={WHY_CHARACTERS_MAX}
        autoComplete="off"
      />
    </form>
  );
}
