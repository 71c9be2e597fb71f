import { useEffect, useState } from "react";
import { FileTrigger } from "react-aria-components";
import { useTexts } from "@/texts";
import { Button, NumberField } from "@/ui";
import shared from "../calibrate.module.css";
import type { PlanPicture } from "../panes/PlanPane";

/** A drawing or aerial picture below the plan. It never leaves the browser and is not kept. */
export function PlanBackdrop({
  backdrop,
  onChange,
}: {
  backdrop: PlanPicture | null;
  onChange: (next: PlanPicture | null) => void;
}) {
  const t = useTexts();
  const [failed, setFailed] = useState(false);
  const [url, setUrl] = useState<string>();
  useEffect(
    () => () => {
      if (url) URL.revokeObjectURL(url);
    },
    [url],
  );
  const load = (file: File) => {
    const address = URL.createObjectURL(file);
    const image = new Image();
    image.onload = () => {
      setFailed(false);
      setUrl(address);
      onChange({
        url: address,
        width_m: 100,
        aspect: image.naturalWidth / Math.max(1, image.naturalHeight),
        at_m: [0, 0],
      });
    };
    image.onerror = () => {
      URL.revokeObjectURL(address);
      setFailed(true);
    };
    image.src = address;
  };
  return (
    <div className={shared.stack}>
      <p className={shared.hint}>{t("calibrate.backdrop.what")}</p>
      <div className={shared.row}>
        <FileTrigger
          acceptedFileTypes={["image/png", "image/jpeg", "image/webp"]}
          onSelect={(files) => {
            const file = files?.[0];
            if (file) load(file);
          }}
        >
          <Button>{t("calibrate.backdrop.choose")}</Button>
        </FileTrigger>
        {backdrop ? (
          <Button kind="quiet" onPress={() => onChange(null)}>
            {t("calibrate.backdrop.remove")}
          </Button>
        ) : null}
      </div>
      {failed ? <p className={shared.fault}>{t("calibrate.backdrop.failed")}</p> : null}
      {backdrop ? (
        <div className={shared.fields}>
          <NumberField
            label={t("calibrate.backdrop.width")}
            unit={t("calibrate.unit.m")}
            minValue={1}
            maxValue={5000}
            value={backdrop.width_m}
            onChange={(width_m) => {
              if (Number.isFinite(width_m)) onChange({ ...backdrop, width_m });
            }}
          />
          <NumberField
            label={t("calibrate.backdrop.east")}
            unit={t("calibrate.unit.m")}
            value={backdrop.at_m[0]}
            onChange={(x) => {
              if (Number.isFinite(x)) onChange({ ...backdrop, at_m: [x, backdrop.at_m[1]] });
            }}
          />
          <NumberField
            label={t("calibrate.backdrop.north")}
            unit={t("calibrate.unit.m")}
            value={backdrop.at_m[1]}
            onChange={(y) => {
              if (Number.isFinite(y)) onChange({ ...backdrop, at_m: [backdrop.at_m[0], y] });
            }}
          />
        </div>
      ) : null}
    </div>
  );
}
