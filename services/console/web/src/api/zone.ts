/** The time zone of all junctions, where they share one; UTC where they do not, or while it is not known. */
import { useQuery } from "@tanstack/react-query";
import { get } from "./http";
import type { Overview } from "./shapes";

export function useZone(): string {
  const { data } = useAnyOverview();
  const zones = new Set(data?.sites.map((site) => site.timezone));
  const [only] = zones;
  return zones.size === 1 && only ? only : "UTC";
}

/** The overview as it was last fetched: its page keeps it fresh, others want its lasting parts. */
export function useAnyOverview({ enabled = true }: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: ["overview"],
    queryFn: ({ signal }) => get<Overview>("/api/v1/overview", { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    enabled,
  });
}
