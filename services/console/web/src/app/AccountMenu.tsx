import {
  Header,
  Menu,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Popover,
  Separator,
} from "react-aria-components";
import { useLocation } from "wouter";
import { patch } from "@/api/http";
import { chooseRole, useChosenRole, useSession, useSignOut } from "@/api/session";
import type { Role } from "@/api/shapes";
import { LANGUAGES, type Language, useLanguage, useTexts } from "@/texts";
import { Button, Icon } from "@/ui";
import styles from "./AccountMenu.module.css";
import { useShowKeyboardHelp } from "./keys";
import { setTheme, THEMES, type Theme, useTheme } from "./theme";

/** Role, appearance, language, keyboard help, and the way out. */
export function AccountMenu() {
  const t = useTexts();
  const { data: session } = useSession();
  const role = useChosenRole();
  const theme = useTheme();
  const [language, setLanguage] = useLanguage();
  const [, navigate] = useLocation();
  const showHelp = useShowKeyboardHelp();
  const signOut = useSignOut();

  const speak = (next: Language) => {
    setLanguage(next);
    // Kept with the account, so that it is the same on every screen; a failure only costs that.
    if (session) patch("/api/v1/session", { language: next }).catch(() => undefined);
  };

  const label = session
    ? t("app.menu.label", { name: session.name || session.account })
    : t("app.menu.anonymous");
  return (
    <MenuTrigger>
      <Button kind="quiet" aria-label={label}>
        <Icon name={session ? "user" : "settings"} size="1.5rem" />
        {session ? (
          <span className={styles.who}>
            <span className={styles.name}>{session.name || session.account}</span>
            {role ? <span className={styles.role}>{t(`app.role.${role}`)}</span> : null}
          </span>
        ) : null}
        <Icon name="down" size="1rem" />
      </Button>
      <Popover className={styles.popover ?? ""} placement="bottom end">
        <Menu className={styles.menu ?? ""} aria-label={label}>
          {session && session.roles.length > 1 ? (
            <MenuSection
              selectionMode="single"
              disallowEmptySelection
              selectedKeys={[role ?? "any"]}
              onSelectionChange={(keys) => {
                const [key] = keys === "all" ? [] : [...keys];
                chooseRole(key === "any" ? undefined : (key as Role));
              }}
            >
              <Header className={styles.header ?? ""}>{t("app.menu.role")}</Header>
              <Item id="any">{t("app.menu.role_any")}</Item>
              {session.roles.map((one) => (
                <Item key={one} id={one}>
                  {t(`app.role.${one}`)}
                </Item>
              ))}
            </MenuSection>
          ) : null}
          <MenuSection
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[theme]}
            onSelectionChange={(keys) => {
              const [key] = keys === "all" ? [] : [...keys];
              if (key) setTheme(key as Theme);
            }}
          >
            <Header className={styles.header ?? ""}>{t("app.menu.theme")}</Header>
            {THEMES.map((one) => (
              <Item key={one} id={one}>
                {t(`app.menu.theme_${one}`)}
              </Item>
            ))}
          </MenuSection>
          <MenuSection
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[language]}
            onSelectionChange={(keys) => {
              const [key] = keys === "all" ? [] : [...keys];
              if (key) speak(key as Language);
            }}
          >
            <Header className={styles.header ?? ""}>{t("app.menu.language")}</Header>
            {Object.entries(LANGUAGES).map(([id, name]) => (
              <Item key={id} id={id}>
                {name}
              </Item>
            ))}
          </MenuSection>
          <Separator className={styles.line ?? ""} />
          <MenuItem className={styles.item ?? ""} onAction={showHelp}>
            {t("app.menu.keys")}
          </MenuItem>
          {session ? (
            <MenuItem className={styles.item ?? ""} onAction={() => navigate("/account")}>
              {t("app.menu.passkeys")}
            </MenuItem>
          ) : null}
          {session ? (
            <MenuItem
              className={styles.item ?? ""}
              // Whoever signs in next begins at the overview, also from a page that is open to everybody.
              onAction={() => void signOut().finally(() => navigate("/signin"))}
            >
              {t("app.menu.sign_out")}
            </MenuItem>
          ) : null}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

function Item({ id, children }: { id: string; children: string }) {
  return (
    <MenuItem id={id} textValue={children} className={styles.item ?? ""}>
      {({ isSelected }) => (
        <>
          <span className={styles.tick}>
            {isSelected ? <Icon name="check" size="1rem" /> : null}
          </span>
          {children}
        </>
      )}
    </MenuItem>
  );
}
