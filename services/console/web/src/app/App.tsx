import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { Router } from "wouter";
import { Problem } from "@/api/problem";
import { prefetchSession } from "@/api/session";
import { TextsProvider } from "@/texts";
import { useHashPath, useHashSearch } from "./hash";
import { KeyboardProvider } from "./keys";
import { preload } from "./routes";
import { Shell } from "./Shell";

/** What a server has said (403, 404, 422) will not change by asking again at once. */
function again(failures: number, error: Error): boolean {
  return failures < 3 && error instanceof Problem && (error.offline || error.status >= 500);
}

const client = new QueryClient({
  defaultOptions: { queries: { staleTime: 10_000, retry: again, refetchOnWindowFocus: false } },
});

prefetchSession(client);
preload(location.hash);

export function App() {
  return (
    <QueryClientProvider client={client}>
      <TextsProvider>
        <Router hook={useHashPath} searchHook={useHashSearch}>
          <KeyboardProvider>
            <Shell />
          </KeyboardProvider>
        </Router>
      </TextsProvider>
    </QueryClientProvider>
  );
}
