import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { DropZone, FileTrigger } from "react-aria-components";
import { useFormat, useTexts } from "@/texts";
import { Button, Dialog, ErrorNote, Icon, Panel, Progress, Skeleton } from "@/ui";
import { type Recording, type Recordings, removeRecording } from "../calibrate/api";
import styles from "./replay.module.css";
import { bytesText, refusal, type Upload, upload } from "./upload";
import { RECORDINGS_KEY, useRecordings } from "./useRecordingName";

/** The recordings that are there, and one more. */
export function RecordingList() {
  const t = useTexts();
  const format = useFormat();
  const client = useQueryClient();
  const recordings = useRecordings();
  const [removing, setRemoving] = useState<Recording>();
  const drop = useMutation({
    mutationFn: removeRecording,
    onSuccess: () => {
      setRemoving(undefined);
      void client.invalidateQueries({ queryKey: RECORDINGS_KEY });
    },
  });
  return (
    <Panel title={t("replay.recordings")}>
      {recordings.isPending ? (
        <Skeleton lines={3} />
      ) : recordings.isError ? (
        <ErrorNote error={recordings.error} retry={() => void recordings.refetch()} />
      ) : (
        <>
          <Uploader limits={recordings.data} />
          {recordings.data.recordings.length ? (
            <ul className={styles.recordings}>
              {recordings.data.recordings.map((one) => (
                <li key={one.id}>
                  <span>
                    <span className={styles.title}>{one.name}</span>
                    <span className={styles.note}>
                      {t("replay.recording_facts", {
                        width: one.width_px,
                        height: one.height_px,
                        rate:
                          one.frame_rate == null
                            ? t("replay.unknown")
                            : format.number(one.frame_rate, one.frame_rate % 1 ? 2 : 0),
                        span:
                          one.duration_s == null
                            ? t("replay.unknown")
                            : format.span(one.duration_s * 1000),
                        size: bytesText(one.bytes, format.number),
                      })}
                    </span>
                  </span>
                  <Button
                    size="small"
                    kind="quiet"
                    aria-label={t("replay.delete_of", { name: one.name })}
                    onPress={() => setRemoving(one)}
                  >
                    <Icon name="trash" />
                  </Button>
                </li>
              ))}
            </ul>
          ) : null}
        </>
      )}
      <Dialog
        title={t("replay.delete_title", { name: removing?.name ?? "" })}
        isOpen={removing !== undefined}
        onClose={() => setRemoving(undefined)}
        actions={
          <>
            <Button onPress={() => setRemoving(undefined)}>{t("replay.keep")}</Button>
            <Button
              kind="danger"
              isDisabled={drop.isPending}
              onPress={() => removing && drop.mutate(removing.id)}
            >
              {t("replay.delete")}
            </Button>
          </>
        }
      >
        {drop.error ? <ErrorNote error={drop.error} /> : null}
        <p>{t("replay.delete_text")}</p>
      </Dialog>
    </Panel>
  );
}

function Uploader({ limits }: { limits: Recordings }) {
  const t = useTexts();
  const format = useFormat();
  const client = useQueryClient();
  const under = useRef<Upload | null>(null);
  const [file, setFile] = useState<File>();
  const [sent, setSent] = useState(0);
  const [error, setError] = useState<unknown>(null);
  const [refused, setRefused] = useState<ReturnType<typeof refusal>>(null);
  useEffect(() => () => under.current?.cancel(), []);
  const begin = (chosen: File) => {
    const why = refusal(chosen, limits);
    setRefused(why);
    setError(null);
    if (why) return;
    setFile(chosen);
    setSent(0);
    const started = upload(chosen, setSent);
    under.current = started;
    started.done
      .then(() => client.invalidateQueries({ queryKey: RECORDINGS_KEY }))
      .catch((failure: unknown) => {
        if (!(failure instanceof DOMException)) setError(failure);
      })
      .finally(() => {
        under.current = null;
        setFile(undefined);
      });
  };
  const facts = {
    extensions: limits.extensions.map((e) => e.toUpperCase()).join(", "),
    size: bytesText(limits.bytes_max, format.number),
  };
  if (file) {
    const whole = sent >= file.size;
    return (
      <div className={styles.progress}>
        <Progress
          label={
            whole ? t("replay.upload.looking") : t("replay.upload.sending", { name: file.name })
          }
          value={sent / Math.max(1, file.size)}
        />
        <Button size="small" onPress={() => under.current?.cancel()}>
          {t("replay.cancel")}
        </Button>
      </div>
    );
  }
  return (
    <>
      {error ? <ErrorNote error={error} /> : null}
      {refused ? (
        <p className={styles.refused} role="alert">
          {t(`replay.upload.${refused}`, {
            ...facts,
            left: bytesText(limits.bytes_left ?? 0, format.number),
          })}
        </p>
      ) : null}
      <DropZone
        className={styles.drop ?? ""}
        getDropOperation={() => "copy"}
        onDrop={(event) => {
          const item = event.items.find((one) => one.kind === "file");
          if (item?.kind === "file") void item.getFile().then(begin);
        }}
      >
        <Icon name="upload" size="1.75rem" />
        <div>
          <p>{t("replay.upload.drop")}</p>
          <p className={styles.note}>
            {t("replay.upload.limits", facts)}
            {limits.bytes_left == null
              ? null
              : ` ${t("replay.upload.left", { left: bytesText(limits.bytes_left, format.number) })}`}
          </p>
        </div>
        <FileTrigger
          onSelect={(files) => {
            const chosen = files?.[0];
            if (chosen) begin(chosen);
          }}
        >
          <Button>{t("replay.upload.choose")}</Button>
        </FileTrigger>
      </DropZone>
    </>
  );
}
