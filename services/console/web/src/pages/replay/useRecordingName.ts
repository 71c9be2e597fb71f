import { useQuery } from "@tanstack/react-query";
import { useTexts } from "@/texts";
import { fetchRecordings } from "../calibrate/api";

export const RECORDINGS_KEY = ["recordings"] as const;

export function useRecordings() {
  return useQuery({ queryKey: RECORDINGS_KEY, queryFn: fetchRecordings });
}

/** The name of a recording by its id; one that was deleted is called so. */
export function useRecordingName(): (id: string | null | undefined) => string {
  const t = useTexts();
  const recordings = useRecordings();
  return (id) =>
    recordings.data?.recordings.find((one) => one.id === id)?.name ??
    (recordings.data && id ? t("replay.deleted_recording") : (id ?? ""));
}
