import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useLive } from "@/api/hooks";
import { get } from "@/api/http";
import type { SignShape } from "@/api/shapes";
import { useAnyOverview, useZone } from "@/api/zone";
import { useTexts } from "@/texts";
import { EmptyState, ErrorNote, PageHead, Skeleton } from "@/ui";
import { SignCard } from "./SignCard";
import styles from "./Signs.module.css";

const KEY = ["signs"] as const;

/** Every roadside sign: what it shows now, and its own page. */
export default function SignsPage() {
  const t = useTexts();
  const client = useQueryClient();
  const zone = useZone();
  const { data: overview } = useAnyOverview();
  const signs = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => get<SignShape[]>("/api/v1/signs", { signal }),
    refetchInterval: 10_000,
  });
  useLive<SignShape>("sign", (sign) => {
    client.setQueryData<SignShape[]>(KEY, (before) =>
      before?.map((one) => (one.sign === sign.sign ? sign : one)),
    );
  });
  const site = (id: string) => overview?.sites.find((one) => one.id === id);
  return (
    <>
      <PageHead title={t("signs.title")} note={t("signs.note")} />
      {signs.isPending ? <Skeleton height="14rem" /> : null}
      {signs.isError ? <ErrorNote error={signs.error} retry={() => void signs.refetch()} /> : null}
      {signs.data?.length === 0 ? (
        <EmptyState icon="signs" title={t("signs.empty")}>
          {t("signs.empty_text")}
        </EmptyState>
      ) : null}
      <ul className={styles.signs}>
        {signs.data?.map((sign) => (
          <li key={sign.sign}>
            <SignCard
              sign={sign}
              place={site(sign.site)?.name ?? sign.site}
              zone={site(sign.site)?.timezone ?? zone}
            />
          </li>
        ))}
      </ul>
    </>
  );
}
