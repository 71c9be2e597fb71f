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
