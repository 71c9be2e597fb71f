import { DropZone, FileTrigger } from "react-aria-components";
import { useTexts } from "@/texts";
import { Button, Icon } from "@/ui";
import shared from "./calibrate.module.css";
import styles from "./PictureDrop.module.css";

const TYPES = ["image/jpeg", "image/png", "video/mp4", "video/x-matroska", "video/quicktime"];

/** A picture or a clip, by choosing or by dropping. */
export function PictureDrop({
  busy,
  disabled = false,
  chosen,
  error,
  onFile,
}: {
  busy: boolean;
  disabled?: boolean;
  chosen?: File | undefined;
  error?: string | undefined;
  onFile: (file: File) => void;
}) {
  const t = useTexts();
  return (
    <DropZone
      className={styles.drop ?? ""}
      isDisabled={busy || disabled}
      getDropOperation={(types) => (TYPES.some((type) => types.has(type)) ? "copy" : "cancel")}
      onDrop={(event) => {
        for (const item of event.items) {
          if (item.kind !== "file") continue;
          void item.getFile().then(onFile);
          return;
        }
      }}
    >
      <Icon name="upload" size="2rem" />
      <div>
        <p>
          <strong>{chosen ? chosen.name : t("calibrate.drop.title")}</strong>
        </p>
        <p className={shared.note}>{t("calibrate.drop.note")}</p>
        {error ? (
          <p className={shared.fault} role="alert">
            {error}
          </p>
        ) : null}
      </div>
      <FileTrigger
        acceptedFileTypes={TYPES}
        onSelect={(files) => {
          const file = files?.[0];
          if (file) onFile(file);
        }}
      >
        <Button isDisabled={busy || disabled}>
          {t(busy ? "calibrate.drop.busy" : "calibrate.drop.choose")}
        </Button>
      </FileTrigger>
    </DropZone>
  );
}
