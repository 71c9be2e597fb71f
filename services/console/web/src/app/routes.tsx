/** Every page: where it is, who may see it, how it stands in the rail. Pages are loaded when asked for. */
import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import type { Role } from "@/api/shapes";
import type { TextKey } from "@/texts";
import type { IconName } from "@/ui";

interface LoadedLater {
  Page: LazyExoticComponent<ComponentType>;
  /** Begins to fetch the page's code. */
  load: () => Promise<unknown>;
}

function page(load: () => Promise<{ default: ComponentType }>): LoadedLater {
  return { Page: lazy(load), load };
}

export interface PageRoute extends LoadedLater {
  name: string;
  path: string;
  title: TextKey;
  /** Any signed-in account where absent. */
  roles?: readonly Role[];
  /** Open without a session, and shown without the shell. */
  open?: boolean;
  /** In the rail: its pictogram, and the letter after `g` that leads there. */
  rail?: { icon: IconName; letter: string };
}

const signin = page(() => import("@/pages/signin"));
const setup = page(() => import("@/pages/setup"));
const accounts = page(() => import("@/pages/accounts"));

export const ROUTES: readonly PageRoute[] = [
  {
    name: "overview",
    path: "/",
    title: "app.page.overview",
    ...page(() => import("@/pages/overview")),
    rail: { icon: "overview", letter: "o" },
  },
  {
    name: "junction",
    path: "/junction/:site",
    title: "app.page.junction",
    ...page(() => import("@/pages/junction")),
  },
  {
    name: "review",
    path: "/review/*?",
    title: "app.page.review",
    ...page(() => import("@/pages/review")),
    roles: ["reviewer", "senior"],
    rail: { icon: "review", letter: "r" },
  },
  {
    name: "signs",
    path: "/signs",
    title: "app.page.signs",
    ...page(() => import("@/pages/signs")),
    rail: { icon: "signs", letter: "s" },
  },
  {
    name: "calibrate",
    path: "/calibrate/*?",
    title: "app.page.calibrate",
    ...page(() => import("@/pages/calibrate")),
    roles: ["engineer"],
    rail: { icon: "calibrate", letter: "c" },
  },
  {
    name: "replay",
    path: "/replay/*?",
    title: "app.page.replay",
    ...page(() => import("@/pages/replay")),
    roles: ["engineer"],
    rail: { icon: "replay", letter: "p" },
  },
  {
    name: "trust",
    path: "/trust/*?",
    title: "app.page.trust",
    ...page(() => import("@/pages/trust")),
    roles: ["auditor", "engineer", "senior"],
    rail: { icon: "trust", letter: "t" },
  },
  {
    name: "accounts",
    path: "/accounts",
    title: "app.page.accounts",
    ...accounts,
    roles: ["administrator"],
    rail: { icon: "accounts", letter: "a" },
  },
  // One's own password, passkeys and name: the same page, which shows what the account may.
  { name: "account", path: "/account", title: "app.page.account", ...accounts },
  { name: "signin", path: "/signin", title: "app.page.signin", ...signin, open: true },
  { name: "setup", path: "/setup", title: "app.page.setup", ...setup, open: true },
  { name: "invite", path: "/invite", title: "app.page.invite", ...setup, open: true },
];

/** Begins to fetch the page that a hash leads to, before it is known who is signed in. */
export function preload(hash: string): void {
  const first = hash.replace(/^#?\/*/, "").split(/[/?]/, 1)[0];
  const route = ROUTES.find((one) => one.path.split("/")[1] === first);
  // A failure shows when the page is drawn.
  route?.load().catch(() => undefined);
}
