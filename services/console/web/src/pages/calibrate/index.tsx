/**
 * From "I have a camera" to a site file: choose a camera, pin the picture to the ground, draw the road,
 * list the rules, check and save. Everything happens on a draft that survives a reload.
 */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useSession } from "@/api/session";
import { useTexts } from "@/texts";
import { PageHead } from "@/ui";
import { Choose } from "./Choose";
import type { Draft, DraftOrigin } from "./model/draft";
import { forget, kept } from "./model/store";
import { Workspace } from "./Workspace";

export interface Opened {
  draft: Draft;
  origin: DraftOrigin;
  step: number;
  /** Tells one opening from the next. */
  key: number;
  /** Why there is no picture, where one was asked for. */
  pictureError?: unknown;
}

let openings = 0;

export default function CalibratePage() {
  const t = useTexts();
  const client = useQueryClient();
  const { data: session } = useSession();
  const account = session?.account ?? "";
  const [opened, setOpened] = useState<Opened>();
  const [stored, setStored] = useState(() => kept(localStorage, account));

  const open = (next: Omit<Opened, "key">) => {
    openings += 1;
    setOpened({ ...next, key: openings });
  };
  if (!opened) {
    return (
      <>
        <PageHead title={t("calibrate.title")} note={t("calibrate.lead")} />
        <Choose
          stored={stored}
          onForget={() => {
            forget(localStorage);
            setStored(null);
          }}
          onOpen={open}
        />
      </>
    );
  }
  return (
    <Workspace
      key={opened.key}
      opened={opened}
      account={account}
      onClose={() => {
        setStored(kept(localStorage, account));
        setOpened(undefined);
        void client.invalidateQueries({ queryKey: ["engineer-sites"] });
      }}
    />
  );
}
