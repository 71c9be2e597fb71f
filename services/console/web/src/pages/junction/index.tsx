import { useEffect, useMemo, useRef } from "react";
import { useLocation, useParams, useSearchParams } from "wouter";
import { useKeys } from "@/app/keys";
import { LiveContent } from "@/app/LiveContent";
import { useTexts } from "@/texts";
import { Badge, Button, EmptyState, ErrorNote, Icon, PageHead, Panel, Skeleton } from "@/ui";
import { EventList } from "@/ui/EventList";
import { PlanView } from "@/ui/plan/PlanView";
import { SITE_TONES } from "../overview/SiteGrid";
import { CameraTabs } from "./CameraTabs";
import { signalsAt, usePlan, useSiteState } from "./data";
import { EventCard } from "./EventCard";
import { Flow } from "./Flow";
import styles from "./Junction.module.css";
import { Legend } from "./Legend";
import { LiveSignals } from "./LiveSignals";
import { ScenePlayer } from "./ScenePlayer";

export default function JunctionPage() {
  const { site = "" } = useParams<{ site: string }>();
  return <Junction key={site} site={decodeURIComponent(site)} />;
}

function Junction({ site }: { site: string }) {
  const t = useTexts();
  const [search] = useSearchParams();
  const [path, navigate] = useLocation();
  const plan = usePlan(site);
  const state = useSiteState(site);
  const chosen = search.get("event") ?? undefined;
  const camera = search.get("camera") ?? plan.data?.cameras[0]?.id ?? "";
  const source = useMemo(() => state.tracks.source(camera), [state.tracks, camera]);
  const signals = useMemo(() => signalsAt(state.data?.signals ?? []), [state.data?.signals]);

  const go = (event: string | undefined, cam = search.get("camera")) => {
    const query = new URLSearchParams();
    if (cam) query.set("camera", cam);
    if (event) query.set("event", event);
    navigate(query.size > 0 ? `${path}?${query}` : path);
  };
  const href = (event: { id: string }) =>
    `#${path}?${new URLSearchParams({ ...(search.get("camera") ? { camera } : {}), event: event.id })}`;

  // Next and previous event, without leaving the keyboard.
  const events = state.data?.events ?? [];
  const step = (by: number) => {
    const now = events.findIndex((event) => event.id === chosen);
    const next = events[now < 0 ? 0 : Math.min(events.length - 1, Math.max(0, now + by))];
    if (next) go(next.id);
  };
  useKeys([
    { keys: ["j"], text: t("junction.keys.next"), run: () => step(1) },
    { keys: ["k"], text: t("junction.keys.previous"), run: () => step(-1) },
    ...(chosen
      ? [{ keys: ["Escape"], text: t("junction.keys.live"), run: () => go(undefined) }]
      : []),
  ]);

  // An event may be chosen far down the list: what happens then is shown at the top.
  const shown = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const grid = shown.current;
    if (chosen && grid && grid.getBoundingClientRect().top < 0) {
      grid.scrollIntoView?.({ block: "start" });
    }
  }, [chosen]);

  const name = plan.data?.name ?? site;
  if (plan.isError) {
    return (
      <>
        <PageHead title={name} />
        <ErrorNote error={plan.error} retry={() => void plan.refetch()} />
      </>
    );
  }
  return (
    <LiveContent>
      <PageHead
        title={name}
        note={
          state.data ? (
            <Badge tone={SITE_TONES[state.data.state]}>{t(`words.site.${state.data.state}`)}</Badge>
          ) : null
        }
      />
      {state.isError ? <ErrorNote error={state.error} retry={() => void state.refetch()} /> : null}
      <div ref={shown} className={styles.grid}>
        <div className={styles.column}>
          <Panel title={t("junction.picture.title")} note={t("junction.picture.note")}>
            {plan.data && state.data ? (
              <CameraTabs
                plan={plan.data}
                cameras={state.data.cameras}
                tracks={state.tracks}
                selected={camera}
                onSelect={(id) => go(chosen, id)}
              />
            ) : (
              <Skeleton height="22rem" />
            )}
          </Panel>
          {chosen && plan.data ? <EventCard id={chosen} zone={plan.data.timezone} /> : null}
          <Panel title={t("junction.signals.title")} note={t("junction.signals.note")}>
            {plan.data && state.data ? (
              <LiveSignals
                groups={state.data.signals}
                kinds={plan.data.signal_groups}
                zone={plan.data.timezone}
                events={state.data.events}
              />
            ) : (
              <Skeleton lines={4} />
            )}
          </Panel>
          {plan.data && state.data ? (
            <Flow plan={plan.data} flow={state.data.flow} />
          ) : (
            <Panel title={t("junction.flow.title")}>
              <Skeleton height="12rem" />
            </Panel>
          )}
        </div>
        <div className={styles.column}>
          <Panel
            title={chosen ? t("junction.scene.title") : t("junction.plan.title")}
            note={chosen ? undefined : t("junction.plan.note", { camera })}
            actions={
              chosen ? (
                <Button size="small" onPress={() => go(undefined)}>
                  <Icon name="left" size="1.1rem" />
                  {t("junction.scene.back")}
                </Button>
              ) : undefined
            }
          >
            {!plan.data ? (
              <Skeleton height="22rem" />
            ) : chosen ? (
              <ScenePlayer key={chosen} event={chosen} plan={plan.data} />
            ) : (
              <>
                <PlanView plan={plan.data} tracks={source} signals={signals} camera={camera} />
                <Legend />
              </>
            )}
          </Panel>
          <Panel title={t("junction.events.title")} note={t("junction.events.note")} flush>
            {!state.data ? (
              <div className={styles.padded}>
                <Skeleton lines={6} />
              </div>
            ) : events.length === 0 ? (
              <EmptyState icon="check" title={t("junction.events.empty")} />
            ) : (
              <div
                role="group"
                tabIndex={0}
                aria-label={t("junction.events.scroll")}
                className={styles.scroll}
              >
                <EventList events={events} selected={chosen} site={() => plan.data} href={href} />
              </div>
            )}
          </Panel>
        </div>
      </div>
    </LiveContent>
  );
}
