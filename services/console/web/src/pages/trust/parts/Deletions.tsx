import { useState } from "react";
import type { components } from "@/api/generated/console";
import type { Role } from "@/api/shapes";
import { useFormat, useTexts } from "@/texts";
import { Badge, Button, Panel, Table, Time } from "@/ui";
import styles from "../trust.module.css";
import { Part, useRole, useTold } from "./Part";

type Receipts = components["schemas"]["Receipts"];
type Chain = components["schemas"]["ReceiptChain"];
const LOOKS: readonly Role[] = ["auditor", "engineer"];

export function Deletions() {
  const t = useTexts();
  const role = useRole(LOOKS);
  const told = useTold<Receipts>("/api/v1/trust/receipts", role);
  return (
    <Part
      explanation={t("trust.deletions.text")}
      told={told}
      role={role}
      roles={LOOKS}
      isEmpty={({ chains, unreadable }) => chains.length === 0 && unreadable === 0}
      empty={t("trust.deletions.empty")}
    >
      {({ chains, unreadable, cut }) => (
        <>
          {unreadable > 0 || cut ? (
            <p className={styles.warning}>
              {unreadable > 0 ? t("trust.deletions.unreadable", { count: unreadable }) : null}{" "}
              {cut ? t("trust.deletions.cut") : null}
            </p>
          ) : null}
          {chains.map((chain) => (
            <ChainPanel key={chain.what} chain={chain} />
          ))}
        </>
      )}
    </Part>
  );
}

function ChainPanel({ chain }: { chain: Chain }) {
  const t = useTexts();
  const format = useFormat();
  const [shown, setShown] = useState(false);
  return (
    <Panel
      title={chain.what}
      note={t("trust.deletions.figures", {
        deleted: format.number(chain.deleted),
        receipts: chain.receipts_total,
        first: chain.first,
      })}
      actions={
        <>
          <Badge tone={chain.holds ? "good" : "bad"}>
            {t(chain.holds ? "trust.deletions.holds" : "trust.deletions.broken")}
          </Badge>
          <Button size="small" onPress={() => setShown(!shown)} aria-expanded={shown}>
            {t(shown ? "trust.deletions.hide" : "trust.deletions.show")}
          </Button>
        </>
      }
    >
      {chain.problem ? <p className={styles.warning}>{chain.problem}</p> : null}
      {chain.last_hash ? (
        <p className={styles.hash}>
          {t("trust.last_hash")} <code>{chain.last_hash}</code>
        </p>
      ) : null}
      {shown ? (
        <Table
          caption={t("trust.deletions.receipts_of", { what: chain.what })}
          rows={chain.receipts}
          rowKey={(one) => String(one.number)}
          columns={[
            {
              key: "number",
              title: t("trust.column.number"),
              numbers: true,
              cell: (one) => one.number,
            },
            {
              key: "when",
              title: t("trust.column.when"),
              cell: (one) => <Time at={one.when} show="dateTime" />,
            },
            {
              key: "deleted",
              title: t("trust.deletions.deleted"),
              numbers: true,
              cell: (one) => format.number(one.deleted),
            },
            {
              key: "span",
              title: t("trust.deletions.span"),
              cell: (one) =>
                one.from && one.to ? (
                  <>
                    <Time at={one.from} show="dateTime" /> – <Time at={one.to} show="dateTime" />
                  </>
                ) : (
                  "–"
                ),
            },
            { key: "policy", title: t("trust.deletions.policy"), cell: (one) => one.policy },
            {
              key: "hash",
              title: t("trust.deletions.hash"),
              cell: (one) => <code title={one.hash}>{one.hash.slice(0, 12)}</code>,
            },
          ]}
        />
      ) : null}
    </Panel>
  );
}
