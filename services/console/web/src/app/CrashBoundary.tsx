import { Component, type ReactNode } from "react";
import { useTexts } from "@/texts";
import { Button, EmptyState } from "@/ui";

/** A page that throws does not take the rail and the connection state with it. */
export class CrashBoundary extends Component<
  { children: ReactNode },
  { error: Error | undefined }
> {
  override state: { error: Error | undefined } = { error: undefined };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    return this.state.error ? <Crashed error={this.state.error} /> : this.props.children;
  }
}

function Crashed({ error }: { error: Error }) {
  const t = useTexts();
  return (
    <EmptyState
      page
      icon="warning"
      title={t("app.crash.title")}
      actions={
        <Button kind="primary" onPress={() => location.reload()}>
          {t("app.crash.reload")}
        </Button>
      }
    >
      <p>{t("app.crash.text")}</p>
      <p>
        <code>{error.message}</code>
      </p>
    </EmptyState>
  );
}
