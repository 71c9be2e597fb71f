import type { CameraSummary } from "@/api/shapes";
import { useFormat, useTexts } from "@/texts";
import { Badge } from "@/ui";
import { CAMERA_TONES } from "../overview/SiteGrid";
import styles from "./Junction.module.css";

/** How the camera is, in one line. */
export function CameraFacts({ camera }: { camera: CameraSummary }) {
  const t = useTexts();
  const format = useFormat();
  const facts = [
    camera.frame_rate == null
      ? undefined
      : t("junction.camera.rate", { rate: format.number(camera.frame_rate, 1) }),
    camera.latency_ms == null
      ? undefined
      : t("junction.camera.latency", { ms: format.number(camera.latency_ms) }),
    camera.dropped_share == null || camera.dropped_share === 0
      ? undefined
      : t("junction.camera.dropped", { share: format.percent(camera.dropped_share, 1) }),
    camera.clock_offset_ms == null
      ? undefined
      : t("junction.camera.clock", { ms: format.number(camera.clock_offset_ms) }),
  ].filter(Boolean);
  return (
    <p className={styles.facts}>
      <Badge tone={CAMERA_TONES[camera.state]}>{t(`words.camera.${camera.state}`)}</Badge>
      {camera.why ? <strong>{camera.why}</strong> : null}
      <span className="soft numbers">{facts.join(" · ")}</span>
    </p>
  );
}
