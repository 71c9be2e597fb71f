import type { CameraState, SiteState, SiteSummary } from "@/api/shapes";
import { useFormat, useTexts } from "@/texts";
import { Badge, Mark, Since, type Tone } from "@/ui";
import styles from "./Overview.module.css";

export const SITE_TONES: Record<SiteState, Tone> = {
  ok: "good",
  degraded: "warn",
  down: "bad",
  unknown: "neutral",
};

export const CAMERA_TONES: Record<CameraState, Tone> = {
  live: "good",
  still: "good",
  stalled: "warn",
  stood_down: "warn",
  lost: "bad",
  unknown: "neutral",
};

/** Every junction as a card; complete without any map. */
export function SiteGrid({ sites, now }: { sites: readonly SiteSummary[]; now: string }) {
  const t = useTexts();
  const { number } = useFormat();
  return (
    <ul className={styles.sites}>
      {sites.map((site) => (
        <li key={site.id}>
          <a href={`#/junction/${encodeURIComponent(site.id)}`} className={styles.site}>
            <span className={styles.site_head}>
              <strong className={styles.site_name}>{site.name}</strong>
              <Badge tone={SITE_TONES[site.state]}>{t(`words.site.${site.state}`)}</Badge>
            </span>
            <span className={styles.cameras}>
              {site.cameras.map((camera) => (
                <span key={camera.id} className={styles.camera} title={camera.why ?? undefined}>
                  <Mark tone={CAMERA_TONES[camera.state]} />
                  <span>
                    {camera.id}: {t(`words.camera.${camera.state}`)}
                    {camera.since && !["live", "still"].includes(camera.state) ? (
                      <>
                        {" "}
                        <Since at={camera.since} now={now} />
                      </>
                    ) : null}
                  </span>
                </span>
              ))}
            </span>
            <span className={styles.site_figures}>
              <span>{t("overview.sites.violations", { count: site.violations_24h })}</span>
              <span>{t("overview.sites.voids", { count: site.voids_24h })}</span>
              {site.waiting_review == null ? null : (
                <span>{t("overview.sites.waiting", { count: number(site.waiting_review) })}</span>
              )}
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}
