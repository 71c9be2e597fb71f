import type { ReactNode } from "react";
import styles from "./Table.module.css";

export interface Column<Row> {
  key: string;
  title: ReactNode;
  cell: (row: Row) => ReactNode;
  /** Numbers stand at the right, with figures of one width. */
  numbers?: boolean;
  /** The column that names the row. */
  head?: boolean;
}

/** A plain table: a real `<table>`, with a caption that readers hear. `rowClass` marks rows. */
export function Table<Row>({
  caption,
  columns,
  rows,
  rowKey,
  rowClass,
  captionShown = false,
}: {
  caption: ReactNode;
  columns: Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  rowClass?: (row: Row) => string | undefined;
  captionShown?: boolean;
}) {
  return (
    <div
      role="group"
      className={styles.scroll}
      tabIndex={0}
      aria-label={typeof caption === "string" ? caption : undefined}
    >
      <table className={styles.table}>
        <caption className={captionShown ? styles.caption : "visually-hidden"}>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                className={column.numbers ? styles.numbers : undefined}
              >
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} className={rowClass?.(row)}>
              {columns.map((column) =>
                column.head ? (
                  <th key={column.key} scope="row">
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.key} className={column.numbers ? styles.numbers : undefined}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
