/** The engineer's part of the console's API, as this page and the replay page use it. */
import type { components } from "@/api/generated/workbench";
import { get, post, put, remove } from "@/api/http";
import type { EventScene, EventShape, SitePlan } from "@/api/shapes";
import type { SiteFile } from "./model/site";

type Schemas = components["schemas"];

const ENGINEER = { role: "engineer" } as const;

export type SiteEntry = Schemas["ListedSite"];
export type Sites = Schemas["SitesJson"];
export type Finding = Schemas["Finding"];
export type Checked = Schemas["Checked"];

export interface SiteText {
  toml: string;
  sha256: string;
  site: SiteFile | null;
}

export type Composed = Schemas["Composed"];
export type Saved = Schemas["Saved"];
export type DraftPicture = Schemas["DraftJson"];

export const fetchSites = (): Promise<Sites> => get<Sites>("/api/v1/sites", ENGINEER);

export const fetchSiteText = (site: string): Promise<SiteText> =>
  get<SiteText>(`/api/v1/sites/${encodeURIComponent(site)}/file`, ENGINEER);

export const compose = (
  site: SiteFile,
  onto: string | null,
  signal?: AbortSignal,
): Promise<Composed> =>
  post<Composed>(
    "/api/v1/sites/compose",
    { site, ...(onto === null ? {} : { onto }) },
    { ...ENGINEER, ...(signal ? { signal } : {}) },
  );

export const saveSite = (site: string, toml: string, sha256: string): Promise<Saved> =>
  put<Saved>(`/api/v1/sites/${encodeURIComponent(site)}/file`, { toml, sha256 }, ENGINEER);

export const createSite = (toml: string): Promise<Saved> =>
  post<Saved>("/api/v1/sites", { toml }, ENGINEER);

export const takeFrame = (site: string, camera: string): Promise<DraftPicture> =>
  post<DraftPicture>("/api/v1/calibrate/frame", { site, camera }, ENGINEER);

/** `simulated`: people in a rendering are found by another model than people on a street. */
export function uploadFrame(file: File, simulated = false): Promise<DraftPicture> {
  return post<DraftPicture>("/api/v1/calibrate/upload", file, {
    ...ENGINEER,
    query: { simulated: simulated || undefined },
  });
}

export type SignalLog = Schemas["LogJson"];

export const uploadLog = (site: string, file: File): Promise<SignalLog> =>
  post<SignalLog>(`/api/v1/sites/${encodeURIComponent(site)}/signals`, file, {
    ...ENGINEER,
    query: { name: file.name },
  });

/** Keeps a camera's password on the server; what comes back is what `password_file` is to say. */
export const keepPassword = (
  site: string,
  camera: string,
  url: string,
  password: string,
): Promise<Schemas["PasswordJson"]> =>
  post(
    `/api/v1/sites/${encodeURIComponent(site)}/cameras/${encodeURIComponent(camera)}/password`,
    { url, password },
    ENGINEER,
  );

export type JobState = Schemas["JobState"];

export interface JobFile {
  name: string;
  bytes: number;
  kind: "report" | "video" | "data";
}

export interface WhatifResult {
  appear: EventShape[];
  disappear: EventShape[];
  stay: number;
  warnings?: string[];
}

export interface ReplayResult {
  violations: EventShape[];
  voids: EventShape[];
  notices?: EventShape[];
  files: JobFile[];
  frames?: number;
  warnings?: string[];
}

interface JobHead {
  id: string;
  state: JobState;
  progress: number;
  message?: string | null;
  created: string;
  finished?: string | null;
  site?: string | null;
  from?: string | null;
  to?: string | null;
  recording?: string | null;
  recording_name?: string | null;
  observations?: string | null;
  problem?: Schemas["JobProblem"] | null;
}

export type Job =
  | (JobHead & { kind: "replay"; result?: ReplayResult | null })
  | (JobHead & { kind: "whatif"; result?: WhatifResult | null });

export type NewJob =
  | {
      kind: "replay";
      recording: string;
      site?: string;
      toml?: string;
      camera?: string;
      start?: string;
    }
  | { kind: "whatif"; site: string; toml: string; from: string; to: string }
  | { kind: "whatif"; site: string; toml: string; observations: string };

export type Recording = Schemas["Recording"];
export type Recordings = Schemas["RecordingsJson"];

export const fetchRecordings = (): Promise<Recordings> =>
  get<Recordings>("/api/v1/recordings", ENGINEER);

export const removeRecording = (id: string): Promise<void> =>
  remove(`/api/v1/recordings/${encodeURIComponent(id)}`, ENGINEER);

export const startJob = (job: NewJob): Promise<Job> => post<Job>("/api/v1/jobs", job, ENGINEER);

export const fetchJob = (id: string): Promise<Job> =>
  get<Job>(`/api/v1/jobs/${encodeURIComponent(id)}`, ENGINEER);

export async function fetchJobs(): Promise<Job[]> {
  return (await get<{ jobs: Job[] }>("/api/v1/jobs", ENGINEER)).jobs;
}

/** Cancels a job that runs, or forgets one that has ended. */
export const removeJob = (id: string): Promise<void> =>
  remove(`/api/v1/jobs/${encodeURIComponent(id)}`, ENGINEER);

export const compareJobs = (a: string, b: string): Promise<WhatifResult> =>
  get<WhatifResult>("/api/v1/jobs/compare", { ...ENGINEER, query: { a, b } });

/** The plan comes with it: a replay may be of a draft that nobody else knows. */
export const fetchJobScene = (
  job: string,
  event: string,
): Promise<EventScene & { plan: SitePlan }> =>
  get(
    `/api/v1/jobs/${encodeURIComponent(job)}/events/${encodeURIComponent(event)}/scene`,
    ENGINEER,
  );

export const isOver = (job: Pick<Job, "state">): boolean =>
  job.state === "done" || job.state === "failed" || job.state === "cancelled";
