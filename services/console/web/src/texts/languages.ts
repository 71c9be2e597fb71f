/** The languages there are. A page's texts stand in `<language>/<page>.json`, keys `page.part.name`. */
import type accounts from "./en/accounts.json";
import type app from "./en/app.json";
import type calibrate from "./en/calibrate.json";
import type junction from "./en/junction.json";
import type overview from "./en/overview.json";
import type replay from "./en/replay.json";
import type review from "./en/review.json";
import type setup from "./en/setup.json";
import type signin from "./en/signin.json";
import type signs from "./en/signs.json";
import type trust from "./en/trust.json";
import type ui from "./en/ui.json";
import type words from "./en/words.json";

export type TextKey = keyof (typeof accounts &
  typeof app &
  typeof calibrate &
  typeof junction &
  typeof overview &
  typeof replay &
  typeof review &
  typeof setup &
  typeof signin &
  typeof signs &
  typeof trust &
  typeof ui &
  typeof words);

/** What services say in their own words, and what packages say, is in this one whatever the page is in. */
export const SERVICE_LANGUAGE = "en";

export const LANGUAGES = { en: "English", de: "Deutsch" } as const;
export type Language = keyof typeof LANGUAGES;

export type Texts = Readonly<Record<string, string>>;

const loaders: Record<Language, () => Promise<{ default: Texts }>> = {
  en: () => import("./en"),
  de: () => import("./de"),
};

export async function loadTexts(language: Language): Promise<Texts> {
  return (await loaders[language]()).default;
}

const KEY = "wayside.language";

/** What was chosen here before, else the first of the browser's languages that there is. */
export function initialLanguage(): Language {
  const wanted = [localStorage.getItem(KEY) ?? "", ...navigator.languages];
  for (const tag of wanted) {
    const language = tag.slice(0, 2).toLowerCase();
    if (language in LANGUAGES) return language as Language;
  }
  return "en";
}

export function keepLanguage(language: Language): void {
  localStorage.setItem(KEY, language);
}
