/**
 * Keys of pages. `useKeys([{ keys: ["a"], text: t("review.keys.approve"), run }])` binds them while the
 * component is shown, and the help dialog on `?` lists them. Nothing fires while text is typed, in a
 * dialog, or with Ctrl, Alt or Meta; an element that uses the key itself (a list, a slider) wins.
 */
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useEffectEvent,
  useMemo,
  useState,
} from "react";
import { useLocation } from "wouter";
import { KeyboardHelp } from "./KeyboardHelp";
import { ROUTES } from "./routes";

export interface KeyBinding {
  /** As in `KeyboardEvent.key`: "a", "A", "ArrowLeft", " ", "?". Any of them fires. */
  keys: readonly string[];
  /** What it does, for the help; without a text the key is not listed. */
  text?: string;
  run: (event: KeyboardEvent) => void;
  /** Also fires while a key is held down (stepping). */
  repeats?: boolean;
}

interface Registry {
  add: (bindings: () => readonly KeyBinding[]) => () => void;
  showHelp: () => void;
}

const Context = createContext<Registry | undefined>(undefined);

const TYPING =
  "input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable=true]";

/** Whether a key pressed there belongs to the element and not to the page. */
export function belongsToElement(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return true;
  const at = event.target instanceof Element ? event.target : undefined;
  if (!at) return false;
  if (
    at.closest(TYPING) ||
    at.closest("[role=dialog], [role=menu], [role=listbox], [role=slider]")
  ) {
    return true;
  }
  const pressable = at.closest("button, a[href], summary, [role=button], [role=tab], video");
  if (pressable && (event.key === " " || event.key === "Enter")) return true;
  return (
    Boolean(at.closest("[role=tablist], [role=radiogroup], input")) && event.key.startsWith("Arrow")
  );
}

export function KeyboardProvider({ children }: { children: ReactNode }) {
  const [sources] = useState(() => new Set<() => readonly KeyBinding[]>());
  const [help, setHelp] = useState<readonly KeyBinding[]>();
  const [afterG, setAfterG] = useState(false);
  const [, navigate] = useLocation();

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (belongsToElement(event)) return;
    if (afterG) {
      setAfterG(false);
      const route = ROUTES.find((one) => one.rail?.letter === event.key.toLowerCase());
      if (route) {
        event.preventDefault();
        navigate(route.path.replace("/*?", ""));
        return;
      }
    }
    if (event.key === "?") {
      event.preventDefault();
      setHelp([...sources].flatMap((source) => source()));
      return;
    }
    // The page mounted last comes first.
    for (const source of [...sources].reverse()) {
      for (const binding of source()) {
        if (!binding.keys.includes(event.key) || (event.repeat && !binding.repeats)) continue;
        event.preventDefault();
        binding.run(event);
        return;
      }
    }
    if (event.key === "g" && !event.repeat) setAfterG(true);
  });

  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    document.addEventListener("keydown", listener);
    return () => document.removeEventListener("keydown", listener);
  }, []);

  useEffect(() => {
    if (!afterG) return;
    const timer = setTimeout(() => setAfterG(false), 1500);
    return () => clearTimeout(timer);
  }, [afterG]);

  const registry = useMemo<Registry>(
    () => ({
      add: (source) => {
        sources.add(source);
        return () => sources.delete(source);
      },
      showHelp: () => setHelp([...sources].flatMap((source) => source())),
    }),
    [sources],
  );

  return (
    <Context value={registry}>
      {children}
      <KeyboardHelp bindings={help} onClose={() => setHelp(undefined)} />
    </Context>
  );
}

function useRegistry(): Registry {
  const registry = useContext(Context);
  if (!registry) throw new Error("keys are used outside of KeyboardProvider");
  return registry;
}

/** Binds keys while the component is shown. The newest closures are called, no memo is needed. */
export function useKeys(bindings: readonly KeyBinding[]): void {
  const registry = useRegistry();
  const current = useEffectEvent(() => bindings);
  useEffect(() => registry.add(() => current()), [registry]);
}

export function useShowKeyboardHelp(): () => void {
  return useRegistry().showHelp;
}
