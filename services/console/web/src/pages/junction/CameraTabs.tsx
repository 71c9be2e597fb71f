import { ToggleButton, ToggleButtonGroup } from "react-aria-components";
import type { CameraSummary, SitePlan } from "@/api/shapes";
import { useTexts } from "@/texts";
import { Mark } from "@/ui";
import type { LatestTracks } from "@/ui/plan/source";
import { CAMERA_TONES } from "../overview/SiteGrid";
import { CameraFacts } from "./CameraFacts";
import { CameraPicture } from "./CameraPicture";
import styles from "./Junction.module.css";

/** The cameras of the junction, one of them shown. */
export function CameraTabs({
  plan,
  cameras,
  tracks,
  selected,
  onSelect,
}: {
  plan: SitePlan;
  cameras: readonly CameraSummary[];
  tracks: LatestTracks;
  selected: string;
  onSelect: (id: string) => void;
}) {
  const t = useTexts();
  const camera = plan.cameras.find((one) => one.id === selected) ?? plan.cameras[0];
  const summary = cameras.find((one) => one.id === camera?.id);
  if (!camera) return <p className="soft">{t("junction.picture.no_camera")}</p>;
  return (
    <>
      {plan.cameras.length > 1 ? (
        <ToggleButtonGroup
          aria-label={t("junction.picture.cameras")}
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[camera.id]}
          onSelectionChange={(keys) => {
            const [key] = keys;
            if (key) onSelect(String(key));
          }}
          className={styles.tabs ?? ""}
        >
          {plan.cameras.map(({ id }) => {
            const state = cameras.find((one) => one.id === id)?.state ?? "unknown";
            return (
              <ToggleButton key={id} id={id} className={styles.tab ?? ""}>
                <Mark tone={CAMERA_TONES[state]} />
                {id}
                <span className="visually-hidden">{t(`words.camera.${state}`)}</span>
              </ToggleButton>
            );
          })}
        </ToggleButtonGroup>
      ) : null}
      <CameraPicture
        key={camera.id}
        site={plan.id}
        camera={camera}
        zone={plan.timezone}
        tracks={tracks}
      />
      {summary ? <CameraFacts camera={summary} /> : null}
    </>
  );
}
