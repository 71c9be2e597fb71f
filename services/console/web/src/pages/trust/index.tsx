/** Trust: how right the rules are, what was not judged, what was deleted, and who looked at what. */
import { useLocation } from "wouter";
import { useTexts } from "@/texts";
import { PageHead, Tabs } from "@/ui";
import { Agreement } from "./parts/Agreement";
import { Deletions } from "./parts/Deletions";
import { ErrorLedger } from "./parts/ErrorLedger";
import { StandDowns } from "./parts/StandDowns";
import { Views } from "./parts/Views";
import { Voids } from "./parts/Voids";

const PARTS = [
  { id: "errors", Part: ErrorLedger },
  { id: "stand_downs", Part: StandDowns },
  { id: "voids", Part: Voids },
  { id: "agreement", Part: Agreement },
  { id: "deletions", Part: Deletions },
  { id: "views", Part: Views },
] as const;

export default function TrustPage() {
  const t = useTexts();
  const [path, navigate] = useLocation();
  const wanted = path.split("/")[2];
  const selected = PARTS.find(({ id }) => id === wanted)?.id ?? "errors";
  return (
    <>
      <PageHead title={t("trust.title")} note={t("trust.note")} />
      <Tabs
        label={t("trust.tabs")}
        selected={selected}
        onSelect={(id) => navigate(`/trust/${id}`, { replace: true })}
        tabs={PARTS.map(({ id, Part }) => ({
          id,
          title: t(`trust.${id}.title`),
          content: <Part />,
        }))}
      />
    </>
  );
}
