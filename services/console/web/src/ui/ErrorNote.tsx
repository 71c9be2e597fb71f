import type { ReactNode } from "react";
import { asProblem } from "@/api/problem";
import { SERVICE_LANGUAGE, useFormat, useTexts } from "@/texts";
import { Button } from "./Button";
import { Icon } from "./Icon";
import styles from "./states.module.css";

/** What went wrong, in the server's words, with its hint, and a way to try again. */
export function ErrorNote({
  error,
  title,
  retry,
}: {
  error: unknown;
  title?: ReactNode;
  retry?: () => void;
}) {
  const t = useTexts();
  const format = useFormat();
  const problem = asProblem(error);
  return (
    <div className={styles.error} role="alert">
      <Icon name="warning" />
      <div className={styles.error_text}>
        <strong>{title ?? (problem.offline ? t("ui.error.title") : problem.title)}</strong>
        <p lang={problem.offline ? undefined : SERVICE_LANGUAGE}>
          {problem.offline ? t("ui.error.offline") : problem.detail}
        </p>
        {problem.hint ? (
          <p className="soft" lang={SERVICE_LANGUAGE}>
            {problem.hint}
          </p>
        ) : null}
        {problem.retryAfter === undefined ? null : (
          <p>{t("ui.error.wait", { span: format.span(problem.retryAfter * 1000) })}</p>
        )}
      </div>
      {retry ? (
        <Button size="small" onPress={retry}>
          {t("ui.error.retry")}
        </Button>
      ) : null}
    </div>
  );
}
