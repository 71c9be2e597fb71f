/** Passkeys in the browser: options and answers as JSON, with base64url where bytes are. */

interface JsonCreation {
  publicKey: Record<string, unknown>;
}

type Parsers = typeof PublicKeyCredential & {
  parseCreationOptionsFromJSON?: (options: unknown) => PublicKeyCredentialCreationOptions;
  parseRequestOptionsFromJSON?: (options: unknown) => PublicKeyCredentialRequestOptions;
};

function parsers(): Parsers | undefined {
  return globalThis.PublicKeyCredential as Parsers | undefined;
}

/** Only over TLS or on localhost, and where the browser has them. */
export function passkeysAvailable(): boolean {
  return globalThis.isSecureContext === true && parsers() !== undefined;
}

export async function createPasskey(options: JsonCreation): Promise<unknown> {
  const parse = parsers()?.parseCreationOptionsFromJSON;
  const publicKey = parse
    ? parse.call(PublicKeyCredential, options.publicKey)
    : (bytesOf(options.publicKey) as unknown as PublicKeyCredentialCreationOptions);
  return credentialJson(await navigator.credentials.create({ publicKey }));
}

export async function getPasskey(options: JsonCreation, signal?: AbortSignal): Promise<unknown> {
  const parse = parsers()?.parseRequestOptionsFromJSON;
  const publicKey = parse
    ? parse.call(PublicKeyCredential, options.publicKey)
    : (bytesOf(options.publicKey) as unknown as PublicKeyCredentialRequestOptions);
  return credentialJson(
    await navigator.credentials.get({ publicKey, ...(signal ? { signal } : {}) }),
  );
}

/** Whether the person closed the browser's dialog, or it timed out. */
export function wasCancelled(error: unknown): boolean {
  return error instanceof DOMException && ["NotAllowedError", "AbortError"].includes(error.name);
}

/** The members of the options that hold bytes, by name (Web Authentication, level 2, 5.4 and 5.5). */
const BYTES = new Set(["challenge", "id"]);

/** Options for browsers without `parse…FromJSON`: texts of bytes become bytes. */
export function bytesOf(options: Record<string, unknown>): Record<string, unknown> {
  const deep = (value: unknown, key: string, inside: string): unknown => {
    if (typeof value === "string" && BYTES.has(key) && inside !== "rp") return fromBase64Url(value);
    if (Array.isArray(value)) return value.map((item) => deep(item, "", key));
    if (value !== null && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, deep(v, k, key)]));
    }
    return value;
  };
  return deep(options, "", "") as Record<string, unknown>;
}

export function fromBase64Url(text: string): Uint8Array {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (c) => c.charCodeAt(0));
}

export function toBase64Url(bytes: ArrayBuffer): string {
  const plain = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function credentialJson(credential: Credential | null): unknown {
  if (!credential) throw new DOMException("no credential", "NotAllowedError");
  const key = credential as PublicKeyCredential;
  if (typeof key.toJSON === "function") return key.toJSON();
  const response: Record<string, unknown> = {};
  for (const name of [
    "clientDataJSON",
    "attestationObject",
    "authenticatorData",
    "signature",
    "userHandle",
  ]) {
    const bytes = (key.response as unknown as Record<string, unknown>)[name];
    if (bytes instanceof ArrayBuffer) response[name] = toBase64Url(bytes);
  }
  return {
    id: key.id,
    rawId: toBase64Url(key.rawId),
    type: key.type,
    response,
    clientExtensionResults: key.getClientExtensionResults(),
  };
}
