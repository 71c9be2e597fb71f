import { Link, useLocation } from "wouter";
import { useChosenRole, useSession } from "@/api/session";
import { useTexts } from "@/texts";
import { Icon } from "@/ui";
import { allowed } from "./Guard";
import styles from "./Rail.module.css";
import { ROUTES } from "./routes";

/** The pages that the account may see; each with a pictogram and its name. */
export function Rail() {
  const t = useTexts();
  const { data: session } = useSession();
  const role = useChosenRole();
  const [path] = useLocation();
  return (
    <nav className={styles.rail} aria-label={t("app.nav.label")}>
      <ul>
        {ROUTES.map((route) => {
          if (!route.rail || !allowed(session, role, route.roles)) return null;
          const to = route.path.replace("/*?", "");
          const here =
            to === "/" ? path === "/" || path.startsWith("/junction/") : path.startsWith(to);
          return (
            <li key={route.name}>
              <Link href={to} className={styles.link} aria-current={here ? "page" : undefined}>
                <Icon name={route.rail.icon} size="1.6rem" />
                <span>{t(route.title)}</span>
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
