import { asProblem, Problem } from "@/api/problem";
import { useTexts } from "@/texts";
import { ErrorNote } from "@/ui";

/** A refusal in the reader's language where there is a text for its kind, else in the server's words. */
export function SignInProblem({ error }: { error: unknown }) {
  const t = useTexts();
  if (!error) return null;
  const problem = asProblem(error);
  const known =
    t.maybe(`signin.problem.${problem.kind.replace(/-/g, "_")}`) ??
    (problem.status === 429 ? t("signin.problem.too_many_tries") : undefined);
  // The server speaks English: what there is a text for is said in the reader's language alone.
  const shown = known
    ? new Problem({ status: problem.status, title: known, retryAfter: problem.retryAfter })
    : error;
  return <ErrorNote error={shown} />;
}
