import {
  Button as AriaButton,
  type ButtonProps as AriaProps,
  composeRenderProps,
} from "react-aria-components";
import styles from "./Button.module.css";

export interface ButtonProps extends AriaProps {
  /** `primary`: the one thing to do here. `danger`: cannot be taken back. `quiet`: without a border. */
  kind?: "primary" | "plain" | "danger" | "quiet";
  size?: "small" | "normal" | "large";
}

export function Button({ kind = "plain", size = "normal", className, ...props }: ButtonProps) {
  return (
    <AriaButton
      {...props}
      className={composeRenderProps(className, (more) =>
        [styles.button, styles[kind], styles[size], more].filter(Boolean).join(" "),
      )}
    />
  );
}

/** A link that looks like a button: goes somewhere, does nothing else. */
export function ButtonLink({
  kind = "plain",
  size = "normal",
  href,
  children,
  external = false,
}: Pick<ButtonProps, "kind" | "size"> & {
  href: string;
  children: React.ReactNode;
  external?: boolean;
}) {
  return (
    <a
      className={[styles.button, styles[kind], styles[size]].join(" ")}
      href={href}
      {...(external ? { target: "_blank", rel: "noreferrer" } : {})}
    >
      {children}
    </a>
  );
}
