import { useState } from "react";
import type { components } from "@/api/generated/review";
import type { Role } from "@/api/shapes";
import { type Translate, useFormat, useTexts } from "@/texts";
import { Badge, Button, ErrorNote, Panel, Skeleton, Table, Time } from "@/ui";
import { newer, older, PAGE, pageBefore } from "../logic/paging";
import styles from "../trust.module.css";
import { Part, useRole, useTold } from "./Part";

type Check = components["schemas"]["AuditCheckJson"];
type Line = components["schemas"]["AuditJson"];
const AUDITS: readonly Role[] = ["auditor", "senior"];
/** Lines of one case that are shown at most; a case has a few dozen. */
const CASE_LINES = 1_000;

export function Views() {
  const t = useTexts();
  const format = useFormat();
  const role = useRole(AUDITS);
  const [ofCase, setCase] = useState<string | null>(null);
  const check = useTold<Check>("/api/review/v1/audit/check", role);
  return (
    <Part
      explanation={t("trust.views.text")}
      told={check}
      role={role}
      roles={AUDITS}
      isEmpty={(data) => data.entries === 0 && data.holds}
      empty={t("trust.views.empty")}
    >
      {(data) => (
        <>
          <Panel
            title={t("trust.views.chain")}
            note={t("trust.views.entries", { count: format.number(data.entries) })}
            actions={
              <>
                <Badge tone={data.holds ? "good" : "bad"}>
                  {t(data.holds ? "trust.views.holds" : "trust.views.broken")}
                </Badge>
                <Button
                  size="small"
                  onPress={() => void check.refetch()}
                  isDisabled={check.isFetching}
                >
                  {t("trust.views.check")}
                </Button>
              </>
            }
          >
            {data.problem ? <p className={styles.warning}>{data.problem}</p> : null}
            {data.last_hash ? (
              <p className={styles.hash}>
                {t("trust.last_hash")} <code>{data.last_hash}</code>
              </p>
            ) : null}
          </Panel>
          {ofCase ? (
            <OfCase id={ofCase} role={role} back={() => setCase(null)} />
          ) : (
            <Newest entries={data.entries} role={role} open={setCase} />
          )}
        </>
      )}
    </Part>
  );
}

function Newest({
  entries,
  role,
  open,
}: {
  entries: number;
  role: Role | undefined;
  open: (id: string) => void;
}) {
  const t = useTexts();
  const [before, setBefore] = useState<number | null>(null);
  const page = pageBefore(entries, before);
  const lines = useTold<Line[]>(`/api/review/v1/audit?from=${page.from}&limit=${PAGE}`, role);
  const [down, up] = [older(page), newer(page, entries)];
  // The log grows with every look at it: what came since belongs to another page.
  const rows = lines.data?.filter((line) => line.number < page.from + page.lines).reverse();
  return (
    <Panel
      title={t("trust.views.lines")}
      note={t("trust.views.page", { from: page.from, to: page.from + Math.max(page.lines - 1, 0) })}
      actions={
        <>
          <Button size="small" isDisabled={up === null} onPress={() => setBefore(up)}>
            {t("trust.views.newer")}
          </Button>
          <Button size="small" isDisabled={down === null} onPress={() => setBefore(down)}>
            {t("trust.views.older")}
          </Button>
        </>
      }
      flush
    >
      {lines.isError ? (
        <ErrorNote error={lines.error} retry={() => void lines.refetch()} />
      ) : rows === undefined ? (
        <Skeleton lines={10} />
      ) : (
        <Lines rows={rows} open={open} />
      )}
    </Panel>
  );
}

function OfCase({ id, role, back }: { id: string; role: Role | undefined; back: () => void }) {
  const t = useTexts();
  const path = `/api/review/v1/audit?case=${encodeURIComponent(id)}&limit=${CASE_LINES}`;
  const lines = useTold<Line[]>(path, role);
  return (
    <Panel
      title={t("trust.views.of_case", { case: id.slice(0, 8) })}
      actions={
        <Button size="small" onPress={back}>
          {t("trust.views.all")}
        </Button>
      }
      flush
    >
      {lines.isError ? (
        <ErrorNote error={lines.error} retry={() => void lines.refetch()} />
      ) : lines.data === undefined ? (
        <Skeleton lines={6} />
      ) : (
        <Lines rows={[...lines.data].reverse()} />
      )}
    </Panel>
  );
}

/** A view without a part is of the case itself. */
function what(t: Translate, { act, why }: Line): string {
  if (act === "view" && why === "") return t("trust.part.case");
  return t.maybe(`trust.part.${why}`) ?? why;
}

function Lines({ rows, open }: { rows: Line[]; open?: (id: string) => void }) {
  const t = useTexts();
  return (
    <Table
      caption={t("trust.views.lines")}
      rows={rows}
      rowKey={(line) => String(line.number)}
      columns={[
        {
          key: "number",
          title: t("trust.column.number"),
          numbers: true,
          cell: (line) => line.number,
        },
        {
          key: "when",
          title: t("trust.column.when"),
          cell: (line) => <Time at={line.at} show="dateTime" />,
        },
        {
          key: "account",
          title: t("trust.column.account"),
          head: true,
          cell: (line) => (
            <>
              {line.account}{" "}
              <span className="soft">{t.maybe(`app.role.${line.role}`) ?? line.role}</span>
            </>
          ),
        },
        {
          key: "act",
          title: t("trust.views.act"),
          cell: (line) => t.maybe(`trust.act.${line.act}`) ?? line.act.replaceAll("_", " "),
        },
        {
          key: "case",
          title: t("trust.views.case"),
          cell: (line) =>
            line.case === "" ? null : open ? (
              <Button
                kind="quiet"
                size="small"
                className={styles.id ?? ""}
                onPress={() => open(line.case)}
                aria-label={t("trust.views.open_case", { case: line.case.slice(0, 8) })}
              >
                {line.case.slice(0, 8)}
              </Button>
            ) : (
              <code title={line.case}>{line.case.slice(0, 8)}</code>
            ),
        },
        {
          key: "why",
          title: t("trust.views.why"),
          cell: (line) => what(t, line),
        },
      ]}
    />
  );
}
