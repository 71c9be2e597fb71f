import type { components } from "@/api/generated/accounts";
import { remove } from "@/api/http";
import { Problem } from "@/api/problem";
import type { Role } from "@/api/shapes";

export interface Account {
  account: string;
  name: string;
  roles: Role[];
  disabled: boolean;
  last_seen?: string | null;
  passkeys: number;
  has_password?: boolean;
  /** The OpenID Connect provider that roles and password come from. */
  provider?: string | null;
}

export interface Passkey {
  id: string;
  label: string;
  created: string;
  last_used?: string | null;
}

/** A session of one's own account. */
export type SessionRow = components["schemas"]["SessionRow"];

export const SESSIONS_KEY = ["sessions"] as const;

/** Ends a session. One that is gone already is as it was wanted. */
export async function endSession(id: string): Promise<void> {
  try {
    await remove(`/api/v1/sessions/${encodeURIComponent(id)}`);
  } catch (error) {
    if (!(error instanceof Problem && error.status === 404)) throw error;
  }
}

/** Browser and system of a session, where one of them is known. */
export function deviceNames({ browser, system }: SessionRow): string | undefined {
  return [browser, system].filter(Boolean).join(", ") || undefined;
}

/** The list, whether it comes bare or in an object. */
export function listOf<T>(answer: T[] | Record<string, unknown>, key: string): T[] {
  if (Array.isArray(answer)) return answer;
  const inside = answer[key];
  return Array.isArray(inside) ? (inside as T[]) : [];
}

/** A browser and its system, from what it calls itself. */
export function deviceOf(agent: string | null | undefined): string | null {
  if (!agent) return null;
  const browser = /Edg\//.test(agent)
    ? "Edge"
    : /Firefox\//.test(agent)
      ? "Firefox"
      : /Chrom(e|ium)\//.test(agent)
        ? "Chrome"
        : /Safari\//.test(agent)
          ? "Safari"
          : null;
  const system = /Windows/.test(agent)
    ? "Windows"
    : /Android/.test(agent)
      ? "Android"
      : /iPhone|iPad/.test(agent)
        ? "iOS"
        : /Mac OS/.test(agent)
          ? "macOS"
          : /Linux/.test(agent)
            ? "Linux"
            : null;
  return [browser, system].filter(Boolean).join(", ") || agent.slice(0, 40);
}
