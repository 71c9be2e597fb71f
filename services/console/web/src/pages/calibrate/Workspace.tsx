/** The draft being worked on: the steps, undo and redo, the picture, and keeping it over a reload. */
import { useEffect, useEffectEvent, useMemo, useReducer, useState } from "react";
import { withRole } from "@/api/credentials";
import { useKeys } from "@/app/keys";
import { useTexts } from "@/texts";
import { Button, ErrorNote, Icon, PageHead } from "@/ui";
import shared from "./calibrate.module.css";
import { type Editing, EditingProvider, type StepName } from "./editing";
import { solve } from "./geometry/advice";
import type { Opened } from "./index";
import { type Draft, type DraftOrigin, pairsOf } from "./model/draft";
import { reduce } from "./model/editor";
import { canRedo, canUndo } from "./model/history";
import { newCamera } from "./model/site";
import { beginEditor } from "./model/state";
import { forget, keep } from "./model/store";
import { NewPicture } from "./NewPicture";
import { CheckStep } from "./steps/CheckStep";
import { DrawStep } from "./steps/DrawStep";
import { GroundStep } from "./steps/GroundStep";
import { RulesStep } from "./steps/RulesStep";
import styles from "./Workspace.module.css";

const STEPS: readonly StepName[] = ["ground", "draw", "rules", "check"];

export function Workspace({
  opened,
  account,
  onClose,
}: {
  opened: Opened;
  account: string;
  onClose: () => void;
}) {
  const t = useTexts();
  const [editor, dispatch] = useReducer(reduce, opened, ({ draft, step: first }) => ({
    ...beginEditor(draft),
    // With too few points there is only one thing to do.
    tool: first === 0 && draft.points.length < 4 ? ("pair" as const) : ("select" as const),
  }));
  const [origin, setOriginState] = useState<DraftOrigin>(opened.origin);
  const [step, setStep] = useState<StepName>(STEPS[opened.step] ?? "ground");
  const [gone, setGone] = useState(false);
  const [notKept, setNotKept] = useState(false);
  const [saved, setSaved] = useState<Draft>();
  const [pictureError, setPictureError] = useState<unknown>(opened.pictureError ?? null);
  const draft = editor.history.present;
  const camera =
    draft.site.camera?.find((c) => c.id === draft.camera) ??
    newCamera(draft.camera, origin.width_px, origin.height_px);

  const solution = useMemo(
    () =>
      solve({
        width_px: camera.width_px,
        height_px: camera.height_px,
        points: pairsOf({ ...draft, points: draft.points }),
        residual_m_max: camera.calibration.residual_m_max ?? 0.5,
        focal_px: camera.calibration.focal_px ?? null,
      }),
    [draft, camera],
  );

  // A picture that the server no longer has is asked for anew; the geometry stays.
  useEffect(() => {
    setGone(false);
    if (!origin.picture) return;
    const probe = new Image();
    probe.onerror = () => setGone(true);
    probe.src = withRole(origin.picture, "engineer");
    return () => {
      probe.onerror = null;
    };
  }, [origin.picture]);

  useEffect(() => {
    if (draft === saved) {
      forget(localStorage);
      return;
    }
    const timer = setTimeout(() => {
      const done = keep(localStorage, account, draft, origin, STEPS.indexOf(step), new Date());
      setNotKept(!done);
    }, 400);
    return () => clearTimeout(timer);
  }, [draft, saved, origin, step, account]);

  const goTo = (next: StepName) => {
    dispatch({ do: "tool", tool: next === "ground" ? "pair" : "select" });
    if (next !== step) dispatch({ do: "select", selection: null });
    setStep(next);
  };

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest("input, textarea, select, [role=dialog], [contenteditable]")) return;
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key === "z") dispatch({ do: event.shiftKey ? "redo" : "undo" });
    else if (key === "y") dispatch({ do: "redo" });
    else return;
    event.preventDefault();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    document.addEventListener("keydown", listener);
    return () => document.removeEventListener("keydown", listener);
  }, []);
  useKeys([
    {
      keys: ["Escape"],
      text: t("calibrate.keys.escape"),
      run: () => dispatch({ do: "cancel" }),
    },
    {
      keys: ["Delete", "Backspace"],
      text: t("calibrate.keys.delete"),
      run: () => dispatch({ do: "delete" }),
    },
  ]);

  const editing: Editing = {
    editor,
    draft,
    camera,
    origin,
    solution,
    picture: origin.picture && !gone ? withRole(origin.picture, "engineer") : null,
    dispatch,
    setOrigin: (change) => setOriginState((old) => ({ ...old, ...change })),
    goTo,
    markSaved: () => setSaved(draft),
  };
  const title = draft.site.site.name || draft.site.site.id;
  return (
    <EditingProvider value={editing}>
      <PageHead
        title={t("calibrate.work.title", { site: title, camera: draft.camera })}
        actions={
          <>
            <Button
              size="small"
              onPress={() => dispatch({ do: "undo" })}
              isDisabled={!canUndo(editor.history) && editor.drawing.length === 0}
            >
              {t("calibrate.work.undo")}
            </Button>
            <Button
              size="small"
              onPress={() => dispatch({ do: "redo" })}
              isDisabled={!canRedo(editor.history)}
            >
              {t("calibrate.work.redo")}
            </Button>
            <Button size="small" kind="quiet" onPress={onClose}>
              <Icon name="left" />
              {t("calibrate.work.close")}
            </Button>
          </>
        }
      />
      <nav aria-label={t("calibrate.work.steps")} className={styles.steps}>
        <ol>
          {STEPS.map((name, index) => (
            <li key={name}>
              <button
                type="button"
                className={styles.step}
                aria-current={name === step ? "step" : undefined}
                onClick={() => goTo(name)}
              >
                <span className={styles.number}>{index + 1}</span>
                {t(`calibrate.step.${name}`)}
              </button>
            </li>
          ))}
        </ol>
        {notKept ? <span className={shared.fault}>{t("calibrate.work.not_kept")}</span> : null}
      </nav>
      {(gone || !origin.picture) && (step === "ground" || step === "draw") ? (
        <NewPicture
          gone={gone}
          error={pictureError}
          onPicture={(picture) => {
            setPictureError(null);
            setOriginState((old) => ({ ...old, picture: picture.picture }));
            if (draft.points.length === 0 && !origin.toml) {
              dispatch({
                do: "site",
                change: (site) => ({
                  ...site,
                  camera: (site.camera ?? []).map((c) =>
                    c.id === draft.camera
                      ? { ...c, width_px: picture.width_px, height_px: picture.height_px }
                      : c,
                  ),
                }),
              });
            }
          }}
        />
      ) : null}
      {pictureError && !gone && origin.picture ? <ErrorNote error={pictureError} /> : null}
      {step === "ground" ? <GroundStep /> : null}
      {step === "draw" ? <DrawStep /> : null}
      {step === "rules" ? <RulesStep /> : null}
      {step === "check" ? <CheckStep onClose={onClose} /> : null}
    </EditingProvider>
  );
}
