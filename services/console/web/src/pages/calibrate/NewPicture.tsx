import { useMutation } from "@tanstack/react-query";
import { useTexts } from "@/texts";
import { Button, ErrorNote, Panel } from "@/ui";
import { type DraftPicture, takeFrame, uploadFrame } from "./api";
import shared from "./calibrate.module.css";
import { useEditing } from "./editing";
import styles from "./NewPicture.module.css";
import { PictureDrop } from "./PictureDrop";

/** There is no picture to draw on now: take a frame, or bring one. What is drawn stays. */
export function NewPicture({
  gone,
  error,
  onPicture,
}: {
  gone: boolean;
  error: unknown;
  onPicture: (picture: DraftPicture) => void;
}) {
  const t = useTexts();
  const { origin, camera, draft } = useEditing();
  const frame = useMutation({
    mutationFn: () => takeFrame(origin.site ?? "", draft.camera),
    onSuccess: onPicture,
  });
  const upload = useMutation({
    mutationFn: (file: File) => uploadFrame(file, draft.site.site.footage === "simulated"),
    onSuccess: onPicture,
  });
  const got = frame.data ?? upload.data;
  const otherShape =
    got && Math.abs(got.width_px / got.height_px - camera.width_px / camera.height_px) > 0.02;
  return (
    <Panel
      title={t(gone ? "calibrate.picture.gone" : "calibrate.picture.needed")}
      className={styles.wanted}
    >
      {frame.error || upload.error || error ? (
        <ErrorNote error={frame.error ?? upload.error ?? error} />
      ) : null}
      {otherShape ? <p className={shared.warn}>{t("calibrate.picture.other_shape")}</p> : null}
      <div className={shared.row}>
        {origin.site && camera.rtsp ? (
          <Button isDisabled={frame.isPending} onPress={() => frame.mutate()}>
            {t("calibrate.picture.take")}
          </Button>
        ) : null}
        <PictureDrop busy={upload.isPending} onFile={(file) => upload.mutate(file)} />
      </div>
      <p className={shared.note}>{t("calibrate.picture.kept")}</p>
    </Panel>
  );
}
