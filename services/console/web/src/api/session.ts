/** Who is signed in, and the role the account acts in. */
import {
  type QueryClient,
  type UseQueryResult,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useCallback, useSyncExternalStore } from "react";
import { holdCsrf, holdRole } from "./credentials";
import { live } from "./hooks";
import { get, remove } from "./http";
import { Problem } from "./problem";
import { ROLES, type Role, type Session } from "./shapes";

export const SESSION_KEY = ["session"] as const;

/** Takes over a session, as the answer to a sign-in tells it. */
export function holdSession(session: Session | null): Session | null {
  holdCsrf(session?.csrf);
  if (session && chosen && !session.roles.includes(chosen)) chooseRole(undefined);
  return session;
}

async function fetchSession(): Promise<Session | null> {
  try {
    return holdSession(await get<Session>("/api/v1/session", { quiet: true }));
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return holdSession(null);
    throw error;
  }
}

const SESSION_QUERY = {
  queryKey: SESSION_KEY,
  queryFn: fetchSession,
  staleTime: 60_000,
  retry: false,
};

/** Asks who is signed in while the rest of the page is still on its way. */
export function prefetchSession(client: QueryClient): void {
  void client.prefetchQuery(SESSION_QUERY);
}

/** `data` is null where nobody is signed in. A server that does not answer is asked again. */
export function useSession(): UseQueryResult<Session | null> {
  return useQuery({
    ...SESSION_QUERY,
    refetchInterval: (query) => (query.state.status === "error" ? 3000 : false),
  });
}

/**
 * Takes over a session and forgets what another account has seen. The query of the session itself stays: whoever
 * watches it would not hear of one that takes its place.
 */
function forget(client: QueryClient, session: Session | null): void {
  client.setQueryData(SESSION_KEY, holdSession(session));
  client.removeQueries({ predicate: (query) => query.queryKey[0] !== SESSION_KEY[0] });
  client.getMutationCache().clear();
}

/** For the sign-in pages: takes the session over, and everything of another account is forgotten. */
export function useSignedIn(): (session: Session) => void {
  const client = useQueryClient();
  return useCallback(
    (session: Session) => {
      live.stop();
      forget(client, session);
    },
    [client],
  );
}

export function useSignOut(): () => Promise<void> {
  const client = useQueryClient();
  return useCallback(async () => {
    // The stream ends with the session: one that is stopped before does not try to come back.
    live.stop();
    try {
      await remove("/api/v1/session");
    } finally {
      chooseRole(undefined);
      forget(client, null);
    }
  }, [client]);
}

const ROLE_KEY = "wayside.role";
const roleListeners = new Set<() => void>();

function stored(): Role | undefined {
  const name = globalThis.sessionStorage?.getItem(ROLE_KEY);
  return ROLES.find((role) => role === name);
}

let chosen: Role | undefined = stored();
holdRole(chosen);

/** Acts in one role until another is chosen; undefined leaves it to each request. */
export function chooseRole(role: Role | undefined): void {
  chosen = role;
  holdRole(role);
  if (role) sessionStorage.setItem(ROLE_KEY, role);
  else sessionStorage.removeItem(ROLE_KEY);
  for (const listener of roleListeners) listener();
}

export function useChosenRole(): Role | undefined {
  return useSyncExternalStore(
    (listener) => {
      roleListeners.add(listener);
      return () => roleListeners.delete(listener);
    },
    () => chosen,
  );
}

/** The first of `wanted` that the account has (and, where it chose a role, that it acts in). */
export function actsAs(
  session: Session | null | undefined,
  role: Role | undefined,
  wanted: readonly Role[],
): Role | undefined {
  if (!session) return undefined;
  if (role) return wanted.includes(role) ? role : undefined;
  return wanted.find((one) => session.roles.includes(one));
}
