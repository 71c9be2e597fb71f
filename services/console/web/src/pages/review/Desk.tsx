/** One case on the desk. */
import { useRef, useState } from "react";
import { type KeyBinding, useKeys } from "@/app/keys";
import { type TextKey, useTexts } from "@/texts";
import type { QueueCounts, Reason } from "./logic/api";
import type { ReviewDesk } from "./logic/desk";
import { type CaseFiles, isVerified } from "./logic/files";
import { micros } from "./logic/instants";
import { type Command, command, helpKeys, KEYS, type KeyName, REPEATS } from "./logic/keys";
import { readPlate } from "./logic/plate";
import { acts, type Held, type Session } from "./logic/session";
import { Blocked, LostNote } from "./parts/Blocked";
import { CaseHead, ClaimState } from "./parts/CaseHead";
import { ClipPlayer, type Player } from "./parts/ClipPlayer";
import { Decide } from "./parts/Decide";
import { DerivationDialog } from "./parts/DerivationDialog";
import { Enlarged } from "./parts/Enlarged";
import { PlanSketch } from "./parts/PlanSketch";
import { Quantities } from "./parts/Quantities";
import { StatusLine } from "./parts/StatusLine";
import { Stills } from "./parts/Stills";
import shared from "./review.module.css";
import { useSingleKeys } from "./single_keys";

/** Why an approval has to wait a moment. */
export type Hint = "loading" | "missing" | "unverified" | null;

export function Desk({
  desk,
  session,
  held,
  files,
  next,
  queue,
  reasons,
}: {
  desk: ReviewDesk;
  session: Session;
  held: Held;
  files: CaseFiles;
  next: CaseFiles | null;
  queue: QueueCounts | undefined;
  reasons: Reason[];
}) {
  const player = useRef<Player>(null);
  const [frame, setFrame] = useState<number | null>(null);
  const [outline, setOutline] = useState(true);
  const [enlarged, setEnlarged] = useState<number | null>(null);
  const [derivation, setDerivation] = useState(false);
  const [hint, setHint] = useState<Hint>(null);

  const { violation } = held.claim;
  const crossing = micros(violation.event_time) ?? 0;
  const verified = isVerified(files);
  const stills = Object.values(files.stills);
  const shown = stills.every((still) => still.state === "ready");
  const missing = stills.some((still) => still.state === "failed");
  const unsound = files.detail.state === "ready" && !verified;
  const zone = files.plan.state === "ready" ? files.plan.value?.timezone : undefined;
  const readings = files.readings.state === "ready" ? files.readings.value.readings : [];
  const plateText = held.draft.plate ?? readings[0]?.plate ?? "";
  const needsPlate = held.claim.stage !== "contest";

  const mayDecide = (): boolean => {
    const waiting = missing ? "missing" : "loading";
    const why = unsound ? "unverified" : verified && shown ? null : waiting;
    setHint(why);
    return why === null && acts(session);
  };
  const approve = (confirmed: boolean): void => {
    if (!mayDecide()) return;
    const read = readPlate(plateText);
    if (needsPlate && (!confirmed || "problem" in read)) {
      desk.put({ is: "mode", mode: "plate", approving: true });
      return;
    }
    const plate = needsPlate && "plate" in read ? read.plate : null;
    desk.put({ is: "choose", choice: { kind: "approve", plate, note: held.draft.note } });
  };
  const reject = (reason: string): void => {
    if (!mayDecide()) return;
    desk.put({ is: "choose", choice: { kind: "reject", reason, note: held.draft.note } });
  };

  const perform = (found: Command): void => {
    switch (found.act) {
      case "take":
        if (held.lost) desk.put({ is: "take" });
        return;
      case "approve":
        return approve(held.draft.confirmed);
      case "reject":
        if (mayDecide()) desk.put({ is: "mode", mode: "reason" });
        return;
      case "reason": {
        const reason = reasons[found.number - 1];
        if (reason) reject(reason.reason);
        return;
      }
      case "send_back":
        return desk.put({ is: "mode", mode: "send_back" });
      case "undo":
        return desk.put({ is: "undo" });
      case "release":
        return desk.put({ is: "release" });
      case "plate":
        return desk.put({ is: "mode", mode: "plate" });
      case "note":
        return desk.put({ is: "mode", mode: "note" });
      case "back":
        setEnlarged(null);
        return desk.put({ is: "mode", mode: "look" });
      case "play":
        return player.current?.toggle();
      case "speed":
        return player.current?.slower();
      case "step":
        return player.current?.step(found.frames);
      case "jump":
        return player.current?.jump(found.way);
      case "edge":
        return player.current?.edge(found.end);
      case "enlarge":
        return setEnlarged((now) => (now === found.picture ? null : found.picture));
      case "outline":
        return setOutline((now) => !now);
      case "derivation":
        return setDerivation((now) => !now);
    }
  };
  useDeskKeys(session, perform);

  const taken = files.clip.state === "ready" ? files.clip.value.index.taken : [];
  const at = (frame === null ? undefined : taken[frame]) ?? crossing;
  const track = files.track.state === "ready" ? files.track.value : [];
  const manifest = files.manifest.state === "ready" ? files.manifest.value : null;

  return (
    <div className={`${shared.page} ${shared.desk}`}>
      <CaseHead held={held} files={files} zone={zone} />
      <StatusLine desk={desk} session={session} hint={hint}>
        <ClaimState held={held} next={next} queue={queue} now={() => desk.api.now()} />
      </StatusLine>
      {held.lost ? <LostNote desk={desk} held={held} /> : null}
      {unsound ? (
        <Blocked files={files} reload={() => desk.reload()} />
      ) : (
        <div className={shared.evidence}>
          <Stills
            files={files}
            manifest={manifest}
            track={outline ? track : []}
            zone={zone}
            rule={violation.rule}
            enlarge={setEnlarged}
            reload={() => desk.reload()}
          />
          <ClipPlayer
            player={player}
            files={files}
            manifest={manifest}
            track={outline ? track : []}
            violation={violation}
            crossing={crossing}
            zone={zone}
            frame={frame}
            onFrame={setFrame}
          />
          <PlanSketch
            plan={files.plan}
            track={track}
            place={violation.place}
            at={at}
            crossing={crossing}
          />
          <Quantities
            violation={violation}
            derivations={files.derivations}
            manifest={manifest}
            explain={() => setDerivation(true)}
          />
        </div>
      )}
      <Decide
        desk={desk}
        session={session}
        held={held}
        files={files}
        reasons={reasons}
        plateText={plateText}
        needsPlate={needsPlate}
        unsound={unsound}
        perform={perform}
        approve={approve}
        reject={reject}
      />
      {enlarged === null ? null : (
        <Enlarged
          picture={enlarged}
          files={files}
          manifest={manifest}
          track={outline ? track : []}
          zone={zone}
          rule={violation.rule}
          onClose={() => setEnlarged(null)}
        />
      )}
      <DerivationDialog
        isOpen={derivation}
        derivations={files.derivations}
        manifest={manifest}
        findings={
          files.detail.state === "ready" ? (files.detail.value.evidence?.findings ?? []) : []
        }
        onClose={() => setDerivation(false)}
      />
    </div>
  );
}

/** Every key of the desk, listed in the shell's help. */
function useDeskKeys(session: Session, perform: (found: Command) => void): void {
  const t = useTexts();
  const names = Object.keys(KEYS) as KeyName[];
  const run = (event: KeyboardEvent): void => {
    const found = command(session.mode, event.key);
    if (found) perform(found);
  };
  const bindings = names.flatMap((name): KeyBinding[] => {
    const shown = helpKeys(name);
    const others = KEYS[name].filter((key) => !shown.includes(key));
    const repeats = REPEATS.includes(name);
    return [
      { keys: shown, text: t(`review.keys.${name}` as TextKey), run, repeats },
      { keys: others, run, repeats },
    ];
  });
  const on = useSingleKeys();
  useKeys(on ? [...bindings, { keys: ["0", "5", "6", "7", "8", "9"], run }] : []);
}
