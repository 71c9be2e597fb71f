/** The way in: go on with a draft, take a camera of a site, or begin a new site from a picture. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useFormat, useTexts } from "@/texts";
import { Button, ErrorNote, Icon, Panel, Radios, Select, Skeleton, TextField } from "@/ui";
import {
  type DraftPicture,
  fetchSites,
  fetchSiteText,
  type SiteEntry,
  takeFrame,
  uploadFrame,
} from "./api";
import styles from "./Choose.module.css";
import shared from "./calibrate.module.css";
import type { Opened } from "./index";
import { draftOf } from "./model/draft";
import { free, isId, toId } from "./model/ids";
import { newCamera, newSite, type SiteFile } from "./model/site";
import type { Stored } from "./model/store";
import { PictureDrop } from "./PictureDrop";

type Open = (next: Omit<Opened, "key">) => void;

export function Choose({
  stored,
  onForget,
  onOpen,
}: {
  stored: Stored | null;
  onForget: () => void;
  onOpen: Open;
}) {
  const t = useTexts();
  const format = useFormat();
  const sites = useQuery({ queryKey: ["engineer-sites"], queryFn: fetchSites });
  return (
    <div className={styles.choose}>
      {stored ? (
        <Panel title={t("calibrate.choose.goon")} className={styles.goon}>
          <div className={shared.row}>
            <p>
              {t("calibrate.choose.stored", {
                site: stored.draft.site.site.name || stored.draft.site.site.id,
                camera: stored.draft.camera,
                time: format.dateTime(
                  stored.saved,
                  Intl.DateTimeFormat().resolvedOptions().timeZone,
                ),
              })}
            </p>
            <Button
              kind="primary"
              onPress={() =>
                onOpen({ draft: stored.draft, origin: stored.origin, step: stored.step })
              }
            >
              {t("calibrate.choose.resume")}
            </Button>
            <Button kind="quiet" onPress={onForget}>
              {t("calibrate.choose.forget")}
            </Button>
          </div>
        </Panel>
      ) : null}
      {sites.data?.sites.length === 0 ? null : (
        <Panel title={t("calibrate.choose.known")} note={t("calibrate.choose.known_note")}>
          {sites.isPending ? (
            <Skeleton lines={4} />
          ) : sites.isError ? (
            <ErrorNote error={sites.error} retry={() => void sites.refetch()} />
          ) : (
            sites.data.sites.map((site) => <KnownSite key={site.id} site={site} onOpen={onOpen} />)
          )}
        </Panel>
      )}
      <Panel title={t("calibrate.choose.new")} note={t("calibrate.choose.new_note")}>
        {sites.data && !sites.data.can_create ? (
          <p className={shared.warn}>{t("calibrate.choose.cannot_create")}</p>
        ) : null}
        <NewSite taken={new Set(sites.data?.sites.map((s) => s.id))} onOpen={onOpen} />
      </Panel>
    </div>
  );
}

function KnownSite({ site, onOpen }: { site: SiteEntry; onOpen: Open }) {
  const t = useTexts();
  const [adding, setAdding] = useState(false);
  const open = useMutation({
    mutationFn: async (camera: string) => {
      const live = site.cameras.find((c) => c.id === camera)?.live;
      const [text, frame] = await Promise.all([
        fetchSiteText(site.id),
        live
          ? takeFrame(site.id, camera).then(
              (picture) => ({ picture, error: null }),
              (error: unknown) => ({ picture: null, error }),
            )
          : { picture: null, error: null },
      ]);
      return { text, frame, camera };
    },
    onSuccess: ({ text, frame, camera }) => {
      const found = text.site?.camera?.find((c) => c.id === camera);
      if (!text.site || !found) return;
      onOpen({
        draft: draftOf(text.site, camera),
        origin: {
          site: site.id,
          sha256: text.sha256,
          toml: text.toml,
          picture: frame.picture?.picture ?? null,
          width_px: found.width_px,
          height_px: found.height_px,
        },
        step: 0,
        pictureError: frame.error,
      });
    },
  });
  const unreadable = open.data && !open.data.text.site;
  return (
    <section className={styles.site}>
      <h3>{site.name || site.id}</h3>
      {open.error ? <ErrorNote error={open.error} /> : null}
      {unreadable ? <p className={shared.warn}>{t("calibrate.choose.unreadable")}</p> : null}
      {site.writable ? null : <p className={shared.warn}>{t("calibrate.choose.read_only")}</p>}
      <div className={styles.cameras}>
        {site.cameras.map((camera) => (
          <Button
            key={camera.id}
            isDisabled={open.isPending}
            onPress={() => open.mutate(camera.id)}
          >
            <Icon name="camera" />
            {camera.id}
            <span className={shared.note}>
              {open.isPending && open.variables === camera.id
                ? t("calibrate.choose.fetching")
                : camera.live
                  ? t("calibrate.choose.live")
                  : camera.recording
                    ? t("calibrate.choose.recording")
                    : t("calibrate.choose.no_source")}
            </span>
          </Button>
        ))}
        <Button kind="quiet" onPress={() => setAdding(!adding)} aria-expanded={adding}>
          <Icon name="plus" />
          {t("calibrate.choose.add_camera")}
        </Button>
      </div>
      {adding ? <AddCamera site={site} onOpen={onOpen} /> : null}
    </section>
  );
}

function AddCamera({ site, onOpen }: { site: SiteEntry; onOpen: Open }) {
  const t = useTexts();
  const [id, setId] = useState(() => free("camera", new Set(site.cameras.map((c) => c.id)), true));
  const taken = site.cameras.some((c) => c.id === id);
  const add = useMutation({
    mutationFn: async (file: File) => {
      const text = await fetchSiteText(site.id);
      const picture = await uploadFrame(file, text.site?.site.footage === "simulated");
      return { text, picture };
    },
    onSuccess: ({ text, picture }) => {
      if (!text.site) return;
      const camera = newCamera(id, picture.width_px, picture.height_px);
      const next: SiteFile = { ...text.site, camera: [...(text.site.camera ?? []), camera] };
      onOpen({
        draft: draftOf(next, id),
        origin: { ...originOf(picture), site: site.id, sha256: text.sha256, toml: text.toml },
        step: 0,
      });
    },
  });
  return (
    <div className={shared.stack}>
      {add.error ? <ErrorNote error={add.error} /> : null}
      <TextField
        label={t("calibrate.choose.camera_id")}
        value={id}
        onChange={(text) => setId(toId(text))}
        error={taken ? t("calibrate.choose.taken") : undefined}
      />
      <PictureDrop
        busy={add.isPending}
        disabled={taken || !isId(id)}
        onFile={(file) => add.mutate(file)}
      />
    </div>
  );
}

const originOf = (picture: DraftPicture) => ({
  picture: picture.picture,
  width_px: picture.width_px,
  height_px: picture.height_px,
});

function NewSite({ taken, onOpen }: { taken: ReadonlySet<string>; onOpen: Open }) {
  const t = useTexts();
  const zones = useState(() => Intl.supportedValuesOf("timeZone"))[0];
  const [name, setName] = useState("");
  const [ownId, setOwnId] = useState<string | null>(null);
  const [camera, setCamera] = useState("camera1");
  const [zone, setZone] = useState(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
  const [side, setSide] = useState<"right" | "left">("right");
  const [footage, setFootage] = useState<"real" | "simulated">("real");
  const [file, setFile] = useState<File>();
  const [tried, setTried] = useState(false);
  const id = ownId ?? toId(name).toLowerCase();
  const fault = !isId(id)
    ? t("calibrate.choose.id_fault")
    : taken.has(id)
      ? t("calibrate.choose.taken")
      : null;
  const begin = useMutation({
    mutationFn: (picture: File) => uploadFrame(picture, footage === "simulated"),
    onSuccess: (picture) => {
      const now = new Date();
      now.setUTCMinutes(0, 0, 0);
      const site = newSite(id, now.toISOString().replace(".000Z", "Z"), zone);
      site.site.name = name.trim();
      site.site.driving_side = side;
      site.site.footage = footage;
      site.camera = [newCamera(camera, picture.width_px, picture.height_px)];
      onOpen({
        draft: draftOf(site, camera),
        origin: { ...originOf(picture), site: null, sha256: null, toml: null },
        step: 0,
      });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!fault && isId(camera) && file) begin.mutate(file);
  };
  return (
    <form className={shared.stack} onSubmit={submit}>
      {begin.error ? <ErrorNote error={begin.error} /> : null}
      <div className={styles.fields}>
        <TextField
          label={t("calibrate.choose.site_name")}
          description={t("calibrate.choose.site_name_note")}
          value={name}
          onChange={setName}
          maxLength={120}
        />
        <TextField
          label={t("calibrate.choose.site_id")}
          description={t("calibrate.choose.site_id_note")}
          value={id}
          onChange={(text) => setOwnId(toId(text))}
          error={tried && fault ? fault : undefined}
        />
        <TextField
          label={t("calibrate.choose.camera_id")}
          description={t("calibrate.choose.camera_id_note")}
          value={camera}
          onChange={(text) => setCamera(toId(text))}
          error={tried && !isId(camera) ? t("calibrate.choose.id_fault") : undefined}
        />
        <Select
          label={t("calibrate.choose.zone")}
          value={zone}
          choices={(zones.includes(zone) ? zones : [zone, ...zones]).map((z) => ({
            id: z,
            label: z,
          }))}
          onChange={setZone}
        />
        <Radios<"right" | "left">
          label={t("calibrate.choose.side")}
          value={side}
          choices={[
            { id: "right", label: t("calibrate.choose.right") },
            { id: "left", label: t("calibrate.choose.left") },
          ]}
          onChange={setSide}
        />
        <Radios<"real" | "simulated">
          label={t("calibrate.choose.footage")}
          value={footage}
          choices={[
            { id: "real", label: t("calibrate.choose.real") },
            { id: "simulated", label: t("calibrate.choose.simulated") },
          ]}
          onChange={setFootage}
        />
      </div>
      <PictureDrop
        busy={begin.isPending}
        chosen={file}
        onFile={setFile}
        error={tried && !file ? t("calibrate.choose.no_file") : undefined}
      />
      <div>
        <Button type="submit" kind="primary" size="large" isDisabled={begin.isPending}>
          {begin.isPending ? t("calibrate.choose.blurring") : t("calibrate.choose.begin")}
        </Button>
      </div>
    </form>
  );
}
