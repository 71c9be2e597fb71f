/** Texts in the language of the person who reads. `const t = useTexts(); t("overview.title")`. */
import { IntlMessageFormat } from "intl-messageformat";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { I18nProvider } from "react-aria-components";
import { type Format, formatFor } from "./format";
import {
  initialLanguage,
  keepLanguage,
  type Language,
  loadTexts,
  type TextKey,
  type Texts,
} from "./languages";

export { LANGUAGES, type Language, SERVICE_LANGUAGE, type TextKey } from "./languages";

type Values = Record<string, string | number>;

export interface Translate {
  (key: TextKey, values?: Values): string;
  /** For names that come from the server (rules, causes): undefined where there is no text. */
  maybe: (key: string, values?: Values) => string | undefined;
  language: Language;
}

/** A function that fills texts in. Messages are parsed once each. */
export function translator(language: Language, texts: Texts): Translate {
  const parsed = new Map<string, IntlMessageFormat>();
  const maybe = (key: string, values?: Values): string | undefined => {
    const text = texts[key];
    if (text === undefined) return undefined;
    if (!text.includes("{") && !text.includes("'")) return text;
    let message = parsed.get(key);
    if (!message) {
      message = new IntlMessageFormat(text, language, undefined, { ignoreTag: true });
      parsed.set(key, message);
    }
    return String(message.format(values));
  };
  const translate = (key: TextKey, values?: Values): string => maybe(key, values) ?? key;
  return Object.assign(translate, { maybe, language });
}

interface Held {
  t: Translate;
  format: Format;
  language: Language;
  setLanguage: (language: Language) => void;
}

// The texts are fetched with the page's own code, not after its first drawing.
const early = typeof document === "undefined" ? undefined : loadTexts(initialLanguage());

const Context = createContext<Held | undefined>(undefined);

export function TextsProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(initialLanguage);
  const [held, setHeld] = useState<{ language: Language; texts: Texts }>();

  useEffect(() => {
    let current = true;
    void ((language === initialLanguage() ? early : undefined) ?? loadTexts(language)).then(
      (texts) => {
        if (!current) return;
        document.documentElement.lang = language;
        setHeld({ language, texts });
      },
    );
    return () => {
      current = false;
    };
  }, [language]);

  const value = useMemo<Held | undefined>(
    () =>
      held && {
        t: translator(held.language, held.texts),
        format: formatFor(held.language),
        language: held.language,
        setLanguage: (next) => {
          keepLanguage(next);
          setLanguage(next);
        },
      },
    [held],
  );

  if (!value) return null;
  return (
    <Context value={value}>
      <I18nProvider locale={value.language === "de" ? "de-DE" : "en-GB"}>{children}</I18nProvider>
    </Context>
  );
}

/** Fixed texts for tests of components. */
export function TestTexts({ texts, children }: { texts: Texts; children: ReactNode }) {
  const value: Held = {
    t: translator("en", texts),
    format: formatFor("en"),
    language: "en",
    setLanguage: () => undefined,
  };
  return <Context value={value}>{children}</Context>;
}

function useHeld(): Held {
  const held = useContext(Context);
  if (!held) throw new Error("texts are used outside of TextsProvider");
  return held;
}

export function useTexts(): Translate {
  return useHeld().t;
}

/** Numbers, times and spans in the language of the person who reads. */
export function useFormat(): Format {
  return useHeld().format;
}

export function useLanguage(): [Language, (language: Language) => void] {
  const { language, setLanguage } = useHeld();
  return [language, setLanguage];
}
