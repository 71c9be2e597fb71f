import { useTexts } from "@/texts";
import { Dialog } from "@/ui";
import styles from "./KeyboardHelp.module.css";
import type { KeyBinding } from "./keys";
import { ROUTES } from "./routes";

const NAMES: Record<string, string> = {
  " ": "Space",
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Escape: "Esc",
};

function Keys({ keys }: { keys: readonly string[] }) {
  return (
    <span className={styles.keys}>
      {keys.map((key) => (
        <kbd key={key}>{NAMES[key] ?? key}</kbd>
      ))}
    </span>
  );
}

export function KeyboardHelp({
  bindings,
  onClose,
}: {
  bindings: readonly KeyBinding[] | undefined;
  onClose: () => void;
}) {
  const t = useTexts();
  const here = (bindings ?? []).filter((binding) => binding.text);
  return (
    <Dialog title={t("app.keys.title")} isOpen={bindings !== undefined} onClose={onClose}>
      <p className="soft">{t("app.keys.intro")}</p>
      {here.length > 0 ? (
        <>
          <h3 className={styles.part}>{t("app.keys.here")}</h3>
          <dl className={styles.list}>
            {here.map((binding) => (
              <div key={binding.keys.join(" ")}>
                <dt>
                  <Keys keys={binding.keys} />
                </dt>
                <dd>{binding.text}</dd>
              </div>
            ))}
          </dl>
        </>
      ) : null}
      <h3 className={styles.part}>{t("app.keys.everywhere")}</h3>
      <dl className={styles.list}>
        <div>
          <dt>
            <Keys keys={["?"]} />
          </dt>
          <dd>{t("app.keys.help")}</dd>
        </div>
        <div>
          <dt>
            <Keys keys={["Escape"]} />
          </dt>
          <dd>{t("app.keys.close")}</dd>
        </div>
        {ROUTES.filter((route) => route.rail).map((route) => (
          <div key={route.name}>
            <dt>
              <Keys keys={["g", route.rail?.letter ?? ""]} />
            </dt>
            <dd>{t("app.keys.go_to", { page: t(route.title) })}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
