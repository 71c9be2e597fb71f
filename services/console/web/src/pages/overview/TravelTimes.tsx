import type { TravelTime } from "@/api/shapes";
import { useZone } from "@/api/zone";
import { useFormat, useTexts } from "@/texts";
import { type Column, Table, Time } from "@/ui";

/** Over each section: the median, and what half of the vehicles needed. Never one vehicle's. */
export function TravelTimes({ items }: { items: readonly TravelTime[] }) {
  const t = useTexts();
  const format = useFormat();
  const zone = useZone();
  if (items.length === 0) return <p className="soft">{t("overview.travel.none")}</p>;
  const minutes = (seconds: number | null | undefined) =>
    seconds == null
      ? "–"
      : `${Math.floor(seconds / 60)}:${String(Math.round(seconds % 60)).padStart(2, "0")}`;
  const columns: Column<TravelTime>[] = [
    { key: "name", title: t("overview.travel.section"), head: true, cell: (item) => item.name },
    {
      key: "median",
      title: t("overview.travel.median"),
      numbers: true,
      cell: (item) => <strong>{minutes(item.median_s)}</strong>,
    },
    {
      key: "quartiles",
      title: t("overview.travel.quartiles"),
      numbers: true,
      cell: (item) =>
        item.lower_quartile_s == null
          ? t("overview.travel.few")
          : t("overview.travel.range", {
              low: minutes(item.lower_quartile_s),
              high: minutes(item.upper_quartile_s),
            }),
    },
    {
      key: "speed",
      title: t("overview.travel.speed"),
      numbers: true,
      cell: (item) =>
        item.mean_speed_ms == null ? "–" : `${format.number(item.mean_speed_ms * 3.6)}\u00a0km/h`,
    },
    {
      key: "vehicles",
      title: t("overview.travel.vehicles"),
      numbers: true,
      cell: (item) => format.number(item.matched),
    },
    {
      key: "time",
      title: t("overview.travel.time"),
      numbers: true,
      cell: (item) => <Time at={item.time} zone={zone} show="minute" />,
    },
  ];
  return (
    <Table
      caption={t("overview.travel.title")}
      columns={columns}
      rows={items}
      rowKey={(item) => item.section}
    />
  );
}
