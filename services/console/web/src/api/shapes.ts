/** What the console's API sends, by the names that pages use. Times are RFC 3339 UTC, microseconds. */
import type { components } from "./generated/console";

type Schemas = components["schemas"];

export const ROLES = [
  "operator",
  "reviewer",
  "senior",
  "engineer",
  "auditor",
  "administrator",
] as const;
export type Role = (typeof ROLES)[number];

export interface Session {
  account: string;
  name: string;
  roles: Role[];
  csrf: string;
  expires: string;
  language?: string | null;
  passkeys: number;
}

export type Overview = Schemas["Overview"];
export type SiteSummary = Schemas["SiteSummary"];
export type SiteState = Schemas["SiteCondition"];
export type CameraSummary = Schemas["CameraSummary"];
export type CameraState = Schemas["CameraState"];
export type CameraStoodDown = Schemas["CameraStoodDown"];
export type RuleStoodDown = Schemas["RuleStoodDown"];
export type TravelTime = Schemas["TravelTimeJson"];
export type Feed = Schemas["FeedJson"];

export type EventShape = Schemas["EventJson"];
export type EventKind = Schemas["EventKind"];
export type QuantityShape = Schemas["EventQuantity"];
export type EventPage = Schemas["EventPage"];
export type EventDetail = Schemas["EventDetail"];
export type EventScene = Schemas["Scene"];
export type EvidenceState = Schemas["EvidenceState"];

export type Point = [number, number];
export type SitePlan = Schemas["SitePlan"];
export type PlanCamera = Schemas["CameraPlan"];
export type SiteLiveState = Schemas["SiteState"];
export type TrackShape = Schemas["TrackJson"];
export type TracksShape = Schemas["CameraTracks"];
export type SignalHistory = Schemas["SignalHistory"];
export type FlowMinutes = Schemas["LaneFlow"];
export type SignalState = "red" | "yellow" | "green" | "unknown";

export type SignShape = Schemas["SignJson"];
export type VoidCount = Schemas["VoidCount"];
export type Receipts = Schemas["Receipts"];
export type ReceiptChain = Schemas["ReceiptChain"];

export type LiveHealth = Schemas["LiveHealth"];
export type LiveSignal = Schemas["LiveSignal"];
export type LiveStandDown = Schemas["LiveStandDown"];
export type LiveEvidence = Schemas["LiveEvidence"];
export type LiveCitation = Schemas["LiveCitation"];
