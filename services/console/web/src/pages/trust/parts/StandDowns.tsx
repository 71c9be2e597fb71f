import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { components } from "@/api/generated/review";
import { post } from "@/api/http";
import type { Role } from "@/api/shapes";
import { useTexts } from "@/texts";
import { Badge, Button, Dialog, ErrorNote, Panel, TextField, Time } from "@/ui";
import styles from "../trust.module.css";
import { LOOKS } from "./ErrorLedger";
import { Part, useRole, useTold } from "./Part";

type StandDown = components["schemas"]["StandDownJson"];
const REINSTATES: readonly Role[] = ["engineer", "senior"];
/** As the desk takes them. */
const WHY_MIN = 3;
const WHY_MAX = 400;

export function StandDowns() {
  const t = useTexts();
  const role = useRole(LOOKS);
  const told = useTold<StandDown[]>("/api/review/v1/stand-downs", role);
  const [chosen, setChosen] = useState<StandDown | null>(null);
  const may = useRole(REINSTATES);
  return (
    <Part
      explanation={t("trust.stand_downs.text")}
      told={told}
      role={role}
      roles={LOOKS}
      isEmpty={(all) => all.length === 0}
      empty={t("trust.stand_downs.empty")}
    >
      {(all) => (
        <>
          {[...all].sort(byState).map((one) => (
            <Panel
              key={`${one.site} ${one.camera} ${one.rule}`}
              title={t.maybe(`words.rule.${one.rule}`) ?? one.rule}
              note={`${one.site} · ${one.camera}`}
              actions={
                one.stood_down ? (
                  <>
                    <Badge tone="bad">{t("trust.state.stood_down")}</Badge>
                    {may ? (
                      <Button size="small" onPress={() => setChosen(one)}>
                        {t("trust.stand_downs.reinstate")}
                      </Button>
                    ) : null}
                  </>
                ) : (
                  <Badge tone="good">{t("trust.state.works")}</Badge>
                )
              }
            >
              <p>{one.why}</p>
              <p className="soft">
                {t(one.stood_down ? "trust.stand_downs.since" : "trust.stand_downs.back_since")}{" "}
                <Time at={one.since} show="dateTime" />
                {one.decided > 0 ? (
                  <>
                    {" · "}
                    {t("trust.stand_downs.figures", { errors: one.errors, decided: one.decided })}
                  </>
                ) : null}
              </p>
            </Panel>
          ))}
          {chosen && may ? (
            <Reinstate one={chosen} role={may} onClose={() => setChosen(null)} />
          ) : null}
        </>
      )}
    </Part>
  );
}

function byState(a: StandDown, b: StandDown): number {
  return Number(b.stood_down) - Number(a.stood_down) || b.since.localeCompare(a.since);
}

function Reinstate({ one, role, onClose }: { one: StandDown; role: Role; onClose: () => void }) {
  const t = useTexts();
  const client = useQueryClient();
  const [why, setWhy] = useState("");
  const sent = useMutation({
    mutationFn: () =>
      post<StandDown>(
        "/api/review/v1/stand-downs/reinstate",
        { site: one.site, camera: one.camera, rule: one.rule, why: why.trim() },
        { role },
      ),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["trust"] });
      onClose();
    },
  });
  const ready = why.trim().length >= WHY_MIN;
  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (ready && !sent.isPending) sent.mutate();
  };
  return (
    <Dialog title={t("trust.reinstate.title")} isOpen onClose={onClose}>
      <form className={styles.form} onSubmit={send}>
        <p>
          <strong>{t.maybe(`words.rule.${one.rule}`) ?? one.rule}</strong>, {one.site} ·{" "}
          {one.camera}
        </p>
        <p>{t("trust.reinstate.text")}</p>
        <TextField
          label={t("trust.reinstate.why")}
          description={t("trust.reinstate.why_text")}
          value={why}
          onChange={setWhy}
          maxLength={WHY_MAX}
          autoFocus
          autoComplete="off"
        />
        {sent.isError ? <ErrorNote error={sent.error} /> : null}
        <div className={styles.form_acts}>
          <Button type="submit" kind="primary" isDisabled={!ready || sent.isPending}>
            {t("trust.stand_downs.reinstate")}
          </Button>
          <Button kind="quiet" onPress={onClose}>
            {t("ui.close")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
