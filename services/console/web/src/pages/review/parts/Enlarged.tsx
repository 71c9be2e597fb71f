/** A still over the whole desk, and beside it the vehicle alone; the desk's keys go on working. */
import { useTexts } from "@/texts";
import { Button, Icon, Time } from "@/ui";
import { type CaseFiles, MOMENTS } from "../logic/files";
import { written } from "../logic/instants";
import { type Manifest, stateNear, type TrackState } from "../logic/package";
import shared from "../review.module.css";
import styles from "./Enlarged.module.css";
import { Key } from "./Key";
import { CloseUp, Outline } from "./Picture";
import { stillName, takenAt } from "./Stills";

export function Enlarged({
  picture,
  files,
  manifest,
  track,
  zone,
  rule,
  onClose,
}: {
  picture: number;
  files: CaseFiles;
  manifest: Manifest | null;
  track: TrackState[];
  zone: string | undefined;
  rule: string;
  onClose: () => void;
}) {
  const t = useTexts();
  const moment = MOMENTS[picture - 1] ?? "at-line";
  const still = files.stills[moment];
  const at = takenAt(manifest, moment);
  const states = files.track.state === "ready" ? files.track.value : [];
  const state = at === null ? null : stateNear(states, at);
  const name = stillName(t, moment, rule);
  const size = manifest?.clip ?? { width: 0, height: 0 };
  return (
    <section className={styles.enlarged} aria-label={name}>
      <header className={styles.enlarged_head}>
        <strong>{name}</strong>
        {at === null ? null : <Time at={written(at)} zone={zone} />}
        <span className="soft">{t("review.stills.keys")}</span>
        <Button size="small" onPress={onClose}>
          {t("ui.close")} <Key cap="Esc" /> <Icon name="cross" size="1rem" />
        </Button>
      </header>
      {still.state === "ready" ? (
        <div className={styles.enlarged_body}>
          <div className={shared.screen}>
            <img
              src={still.value}
              alt={t("review.stills.alt", { name })}
              className={shared.picture}
            />
            <Outline
              state={at === null ? null : stateNear(track, at)}
              width={size.width}
              height={size.height}
            />
          </div>
          {state && size.width > 0 ? (
            <div className={styles.enlarged_vehicle}>
              <CloseUp
                url={still.value}
                state={state}
                width={size.width}
                height={size.height}
                alt={t("review.plate.closeup")}
              />
            </div>
          ) : null}
        </div>
      ) : null}
    </section>
  );
}
