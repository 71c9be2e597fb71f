/** Step 3: where signals and pictures come from, and which rules run with which thresholds. */
import { useTexts } from "@/texts";
import { Button, Icon, NumberField, Panel, Switch } from "@/ui";
import shared from "../calibrate.module.css";
import { useEditing } from "../editing";
import { setRule } from "../model/edit";
import { RULES, type Rule, type Unit } from "../model/rules";
import { CameraSource } from "./CameraSource";
import styles from "./RulesStep.module.css";
import { SignalSources } from "./SignalSources";

const UNIT: Readonly<Record<Unit, string | undefined>> = {
  s: "s",
  m: "m",
  "m/s": "m/s",
  "km/h": "km/h",
  share: undefined,
};

export function RulesStep() {
  const t = useTexts();
  const { goTo } = useEditing();
  return (
    <div className={styles.rules_page}>
      <div className={shared.stack}>
        <SignalSources />
        <CameraSource />
      </div>
      <Panel title={t("calibrate.rules.title")} note={t("calibrate.rules.note")}>
        <ul className={styles.rules}>
          {RULES.map((rule) => (
            <RuleCard key={rule.name} rule={rule} />
          ))}
        </ul>
        <div className={shared.onward}>
          <Button kind="primary" onPress={() => goTo("check")}>
            {t("calibrate.rules.onward")}
            <Icon name="right" />
          </Button>
        </div>
      </Panel>
    </div>
  );
}

function RuleCard({ rule }: { rule: Rule }) {
  const t = useTexts();
  const { draft, dispatch } = useEditing();
  const values = draft.site.rules?.[rule.name] ?? null;
  const listed = values !== null;
  const missing = rule.missing(draft.site);
  return (
    <li className={styles.rule} id={`rule-${rule.name}`}>
      <Switch
        isSelected={listed}
        isDisabled={!listed && missing !== null}
        onChange={(on) =>
          dispatch({ do: "site", change: (site) => setRule(site, rule.name, on ? {} : null) })
        }
      >
        <strong>{t.maybe(`words.rule.${rule.name}`) ?? rule.name}</strong>
        <code className={styles.code}>{rule.name}</code>
      </Switch>
      <p className={shared.hint}>{t.maybe(`calibrate.rule.${rule.name}`)}</p>
      {missing ? (
        <p className={listed ? shared.fault : shared.note}>
          {t(`calibrate.rules.missing.${missing}`)}
        </p>
      ) : null}
      {listed ? (
        <div className={`${shared.fields} ${styles.thresholds}`}>
          {rule.thresholds.map((threshold) => (
            <NumberField
              key={threshold.key}
              label={t.maybe(`calibrate.threshold.${threshold.key}`) ?? threshold.key}
              description={t("calibrate.rules.default", {
                key: threshold.key,
                value: threshold.standard,
              })}
              {...(UNIT[threshold.unit] ? { unit: UNIT[threshold.unit] } : {})}
              minValue={0}
              {...(threshold.unit === "share" ? { maxValue: 1 } : {})}
              value={values[threshold.key] ?? threshold.standard}
              onChange={(value) => {
                if (!Number.isFinite(value)) return;
                dispatch({
                  do: "site",
                  mark: `rule-${rule.name}-${threshold.key}`,
                  change: (site) => {
                    const next = { ...(site.rules?.[rule.name] ?? {}), [threshold.key]: value };
                    // What is the default anyway need not stand in the file, unless somebody wrote it.
                    if (value === threshold.standard && !(threshold.key in (values ?? {}))) {
                      delete next[threshold.key];
                    }
                    return setRule(site, rule.name, next);
                  },
                });
              }}
            />
          ))}
        </div>
      ) : null}
    </li>
  );
}
