/** An upload that tells how far it is; `fetch` cannot. Only one is under way at a time. */
import { addCredentials } from "@/api/credentials";
import { Problem } from "@/api/problem";
import type { Recording } from "../calibrate/api";

export interface Upload {
  done: Promise<Recording>;
  cancel: () => void;
}

export function upload(file: File, onProgress: (sent: number) => void): Upload {
  const request = new XMLHttpRequest();
  const done = new Promise<Recording>((resolve, reject) => {
    request.open("POST", `/api/v1/recordings?name=${encodeURIComponent(file.name)}`);
    const headers = new Headers({
      Accept: "application/json",
      "Content-Type": file.type || "application/octet-stream",
      "Wayside-Role": "engineer",
    });
    addCredentials(headers, "POST");
    headers.forEach((value, name) => {
      request.setRequestHeader(name, value);
    });
    request.upload.onprogress = (event) => onProgress(event.loaded);
    request.onload = () => {
      const body = parsed(request.responseText);
      if (request.status >= 200 && request.status < 300) resolve(body as unknown as Recording);
      else reject(problem(request.status, request.statusText, body));
    };
    request.onerror = () => reject(new Problem({ status: 0, type: "offline", title: "offline" }));
    request.onabort = () => reject(new DOMException("cancelled", "AbortError"));
    request.send(file);
  });
  return { done, cancel: () => request.abort() };
}

function parsed(text: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text);
    return body !== null && typeof body === "object" ? (body as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function problem(status: number, statusText: string, body: Record<string, unknown>): Problem {
  const text = (key: string): string | undefined =>
    typeof body[key] === "string" ? (body[key] as string) : undefined;
  return new Problem({
    status,
    type: text("type"),
    title: text("title") ?? (statusText || String(status)),
    detail: text("detail"),
    hint: text("hint"),
  });
}

/** What is to be said of a file before it is sent; null where it may go. */
export function refusal(
  file: { name: string; size: number },
  limits: {
    bytes_max: number;
    bytes_left?: number | null | undefined;
    extensions: readonly string[];
  },
): "extension" | "too_large" | "no_room" | "empty" | null {
  const extension = file.name.includes(".") ? (file.name.split(".").pop() ?? "").toLowerCase() : "";
  if (file.size === 0) return "empty";
  if (limits.extensions.length && !limits.extensions.includes(extension)) return "extension";
  if (file.size > limits.bytes_max) return "too_large";
  if (limits.bytes_left != null && file.size > limits.bytes_left) return "no_room";
  return null;
}

/** `12 MB`, in powers of ten as disks are sold; two figures at most. */
export function bytesText(
  bytes: number,
  number: (value: number, digits?: number) => string,
): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${number(value, unit > 0 && value < 10 ? 1 : 0)}\u00a0${units[unit]}`;
}
