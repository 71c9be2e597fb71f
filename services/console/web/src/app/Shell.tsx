/** The frame around every page: rail, bar, main; and who may see what. */

import { useQueryClient } from "@tanstack/react-query";
import { Suspense, useEffect } from "react";
import { Redirect, Route, Switch, useLocation, useSearch } from "wouter";
import { live, useRefetchOnReset } from "@/api/hooks";
import { onSignedOut } from "@/api/http";
import { SESSION_KEY, useSession } from "@/api/session";
import { useAnyOverview } from "@/api/zone";
import { useLanguage, useTexts } from "@/texts";
import { LANGUAGES, type Language } from "@/texts/languages";
import { EmptyState, Skeleton } from "@/ui";
import { Bar } from "./Bar";
import { CrashBoundary } from "./CrashBoundary";
import { Guard } from "./Guard";
import { LiveNotices } from "./LiveNotices";
import { Missing } from "./Missing";
import { Rail } from "./Rail";
import { ROUTES } from "./routes";
import styles from "./Shell.module.css";

export function Shell() {
  const t = useTexts();
  const session = useSession();
  const client = useQueryClient();
  const [path] = useLocation();
  const search = useSearch();
  const [language, setLanguage] = useLanguage();
  useRefetchOnReset();

  useEffect(
    () =>
      onSignedOut(() => {
        client.setQueryData(SESSION_KEY, null);
      }),
    [client],
  );

  // The stream goes on right behind the first snapshot, so that nothing is lost between the two.
  const signedIn = Boolean(session.data);
  const first = useAnyOverview({ enabled: signedIn });
  const [ready, from] = [first.isFetched, first.data?.event_id];
  // biome-ignore lint/correctness/useExhaustiveDependencies: a later snapshot does not move the stream.
  useEffect(() => {
    if (!signedIn) live.stop();
    else if (ready) live.start(from);
  }, [signedIn, ready]);

  // The account's language comes with the session; what is chosen here later is kept there too.
  const own = session.data?.language;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a session that comes changes the language.
  useEffect(() => {
    if (own && own in LANGUAGES && own !== language) setLanguage(own as Language);
  }, [own]);

  const open = ROUTES.filter((route) => route.open);
  const isOpen = open.some((route) => path === route.path);

  if (isOpen) {
    return (
      <Frame bare path={path}>
        <Switch>
          {open.map(({ name, path: at, Page }) => (
            <Route key={name} path={at}>
              <Page />
            </Route>
          ))}
        </Switch>
      </Frame>
    );
  }
  if (session.isPending) return <Frame path={path}>{null}</Frame>;
  if (session.isError) {
    return (
      <Frame path={path}>
        <EmptyState page icon="warning" title={t("app.unreachable.title")}>
          {t("app.unreachable.text")}
        </EmptyState>
      </Frame>
    );
  }
  if (!session.data) {
    const here = search ? `${path}?${search}` : path;
    const back = here === "/" ? "" : `?to=${encodeURIComponent(here)}`;
    return <Redirect to={`/signin${back}`} replace />;
  }
  return (
    <Frame path={path}>
      <Switch>
        {ROUTES.filter((route) => !route.open).map(({ name, path: at, roles, Page }) => (
          <Route key={name} path={at}>
            <Guard roles={roles}>
              <Page />
            </Guard>
          </Route>
        ))}
        <Route>
          <Missing />
        </Route>
      </Switch>
    </Frame>
  );
}

function Frame({
  bare = false,
  path,
  children,
}: {
  bare?: boolean;
  path: string;
  children: React.ReactNode;
}) {
  const t = useTexts();
  return (
    <div className={bare ? styles.bare : styles.shell}>
      <button
        type="button"
        className={styles.skip}
        // A link to #main would change the route, which is the hash.
        onClick={() => document.getElementById("main")?.focus()}
      >
        {t("app.skip")}
      </button>
      <Bar bare={bare} />
      {bare ? null : <Rail />}
      <main id="main" tabIndex={-1} className={styles.main}>
        {bare ? null : <LiveNotices />}
        <CrashBoundary key={path}>
          <Suspense fallback={<Skeleton lines={6} />}>{children}</Suspense>
        </CrashBoundary>
      </main>
    </div>
  );
}
