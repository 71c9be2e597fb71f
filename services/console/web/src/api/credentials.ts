/** What every request carries: the session's CSRF token and the role that the account acts in. */
import type { Role } from "./shapes";

interface Credentials {
  csrf: string | undefined;
  role: Role | undefined;
}

const held: Credentials = { csrf: undefined, role: undefined };

export function holdCsrf(csrf: string | undefined): void {
  held.csrf = csrf;
}

/** Without a role, the server takes the first of the account's that the route allows. */
export function holdRole(role: Role | undefined): void {
  held.role = role;
}

/** Adds the headers that are not there yet, so that one request may act in another role. */
export function addCredentials(headers: Headers, method: string): void {
  if (held.role && !headers.has("Wayside-Role")) headers.set("Wayside-Role", held.role);
  if (held.csrf && !["GET", "HEAD"].includes(method.toUpperCase())) {
    headers.set("Wayside-Csrf", held.csrf);
  }
}

/** For `<img>`, `<video>` and links, which send no headers: the role as a query. */
export function withRole(url: string, role: Role | undefined = held.role): string {
  if (!role) return url;
  return `${url}${url.includes("?") ? "&" : "?"}role=${encodeURIComponent(role)}`;
}
