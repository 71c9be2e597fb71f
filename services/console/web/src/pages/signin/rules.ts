/** What the server takes as a name of an account and as a password. */

export const PASSWORD_CHARS_MIN = 12;
export const PASSWORD_CHARS_MAX = 128;

export function accountIsSound(account: string): boolean {
  return /^[a-z0-9._-]{1,64}$/.test(account);
}

/** What of a typed name can be an account's: the first keystrokes need not be right. */
export function toAccount(text: string): string {
  return text.trim().toLowerCase().replace(/\s+/g, ".").slice(0, 64);
}

export type PasswordFault = "short" | "long" | "differs" | "name";

export function passwordFault(
  password: string,
  again: string,
  account: string,
): PasswordFault | null {
  const chars = [...password].length;
  if (chars < PASSWORD_CHARS_MIN) return "short";
  if (chars > PASSWORD_CHARS_MAX) return "long";
  if (account !== "" && password.toLowerCase() === account.repeat(2).slice(0, chars)) return "name";
  return password === again ? null : "differs";
}

/** Where to go after signing in: a page of this console, whatever the address says. */
export function wayBack(to: string | null): string {
  return to && /^\/(?![/\\])[\w\-./~%?=&]*$/.test(to) && !to.startsWith("/signin") ? to : "/";
}
