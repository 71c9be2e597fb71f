import { useTexts } from "@/texts";
import { Button, Icon, Select } from "@/ui";
import shared from "../../calibrate.module.css";
import { useEditing } from "../../editing";

/** Stands for nothing chosen; no id may begin like this. */
export const NONE = "·none";

/** A signal group, or a new one on the spot. */
export function GroupSelect({
  kind,
  value,
  onChange,
}: {
  kind: "vehicle" | "pedestrian";
  value: string | null;
  onChange: (group: string | null) => void;
}) {
  const t = useTexts();
  const { draft, dispatch } = useEditing();
  const all = draft.site.signal_group ?? [];
  const groups = all.filter((g) => (g.kind ?? "vehicle") === kind);
  const add = () => {
    const stem = kind === "vehicle" ? "K" : "F";
    let n = 1;
    while (all.some((g) => g.id === `${stem}${n}`)) n += 1;
    const id = `${stem}${n}`;
    dispatch({
      do: "site",
      change: (site) => ({
        ...site,
        signal_group: [...(site.signal_group ?? []), kind === "vehicle" ? { id } : { id, kind }],
      }),
    });
    onChange(id);
  };
  return (
    <div className={shared.row}>
      <div className={shared.grow}>
        <Select
          label={t(`calibrate.inspect.group_${kind}`)}
          value={value ?? NONE}
          choices={[
            { id: NONE, label: t("calibrate.inspect.no_group") },
            ...groups.map((g) => ({ id: g.id, label: g.id })),
          ]}
          onChange={(id) => onChange(id === NONE ? null : id)}
        />
      </div>
      <Button size="small" onPress={add}>
        <Icon name="plus" />
        {t("calibrate.inspect.new_group")}
      </Button>
    </div>
  );
}
