import { useTexts } from "@/texts";
import { ButtonLink, EmptyState } from "@/ui";

export function Missing() {
  const t = useTexts();
  return (
    <EmptyState
      page
      icon="info"
      title={t("app.missing.title")}
      actions={<ButtonLink href="#/">{t("app.missing.back")}</ButtonLink>}
    />
  );
}
