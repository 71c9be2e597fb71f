import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTexts } from "@/texts";
import { Button, ErrorNote, NumberField, Panel, Radios, TextField } from "@/ui";
import { keepPassword } from "../api";
import shared from "../calibrate.module.css";
import { useEditing } from "../editing";
import { changeCamera } from "../model/edit";
import type { Camera } from "../model/site";

type Source = "live" | "recording" | "none";

/** Where the camera's pictures come from when the rules run. */
export function CameraSource() {
  const t = useTexts();
  const { camera, dispatch } = useEditing();
  const source: Source = camera.rtsp ? "live" : camera.source ? "recording" : "none";
  const change = (next: (c: Camera) => Camera, mark?: string) =>
    dispatch({
      do: "site",
      ...(mark ? { mark } : {}),
      change: (site) => changeCamera(site, camera.id, next),
    });
  const secret = /^\w+:\/\/[^/]*@/.test(camera.rtsp?.url ?? "");
  return (
    <Panel title={t("calibrate.source.title", { camera: camera.id })}>
      <div className={shared.stack}>
        <Radios<Source>
          label={t("calibrate.source.from")}
          value={source}
          choices={[
            { id: "live", label: t("calibrate.source.live") },
            { id: "recording", label: t("calibrate.source.recording") },
            { id: "none", label: t("calibrate.source.none") },
          ]}
          onChange={(id) =>
            change((c) => ({
              ...c,
              rtsp: id === "live" ? (c.rtsp ?? { url: "rtsp://" }) : null,
              source: id === "recording" ? (c.source ?? "recording.mp4") : null,
            }))
          }
        />
        {source === "live" ? (
          <>
            <TextField
              label={t("calibrate.source.url")}
              description={t("calibrate.source.url_note")}
              value={camera.rtsp?.url ?? ""}
              error={secret ? t("calibrate.source.secret") : undefined}
              onChange={(url) =>
                change(
                  // A password that was kept is for the address that it was given for.
                  (c) => ({ ...c, rtsp: { ...c.rtsp, url: url.trim(), password_file: null } }),
                  "source-url",
                )
              }
            />
            <div className={shared.fields}>
              <TextField
                label={t("calibrate.source.user")}
                value={camera.rtsp?.user ?? ""}
                onChange={(user) =>
                  change(
                    (c) => ({
                      ...c,
                      rtsp: { ...c.rtsp, url: c.rtsp?.url ?? "", user: user || null },
                    }),
                    "source-user",
                  )
                }
              />
              <PasswordField />
            </div>
          </>
        ) : null}
        {source === "recording" ? (
          <TextField
            label={t("calibrate.source.file")}
            description={t("calibrate.source.file_note")}
            value={camera.source ?? ""}
            onChange={(file) => change((c) => ({ ...c, source: file || null }), "source-file")}
          />
        ) : null}
        <NumberField
          label={t("calibrate.source.limit")}
          description={t("calibrate.source.limit_note")}
          unit={t("calibrate.unit.m")}
          minValue={0}
          maxValue={5}
          value={camera.calibration.residual_m_max ?? 0.5}
          onChange={(residual_m_max) => {
            if (!Number.isFinite(residual_m_max)) return;
            change(
              (c) => ({ ...c, calibration: { ...c.calibration, residual_m_max } }),
              "source-limit",
            );
          }}
        />
      </div>
    </Panel>
  );
}

/** The password goes to the server at once and is not shown again; the site file names where it is. */
function PasswordField() {
  const t = useTexts();
  const { draft, camera, dispatch } = useEditing();
  const [typed, setTyped] = useState("");
  const rtsp = camera.rtsp;
  const kept = rtsp?.password_file ?? rtsp?.password_env ?? null;
  const keep = useMutation({
    mutationFn: () => keepPassword(draft.site.site.id, camera.id, rtsp?.url ?? "", typed),
    onSuccess: ({ password_file }) => {
      setTyped("");
      dispatch({
        do: "site",
        change: (site) =>
          changeCamera(site, camera.id, (c) => ({
            ...c,
            rtsp: { ...c.rtsp, url: c.rtsp?.url ?? "", password_file, password_env: null },
          })),
      });
    },
  });
  const ready = typed !== "" && Boolean(rtsp?.user) && /^rtsps?:\/\/.+/.test(rtsp?.url ?? "");
  return (
    <div>
      {keep.error ? <ErrorNote error={keep.error} /> : null}
      <TextField
        type="password"
        autoComplete="off"
        label={t("calibrate.source.password")}
        description={t(kept ? "calibrate.source.password_kept" : "calibrate.source.password_note")}
        value={typed}
        onChange={setTyped}
        // Whoever goes on without the button means it all the same.
        onBlur={() => {
          if (ready && !keep.isPending) keep.mutate();
        }}
      />
      <Button size="small" isDisabled={!ready || keep.isPending} onPress={() => keep.mutate()}>
        {t("calibrate.source.password_keep")}
      </Button>
    </div>
  );
}
