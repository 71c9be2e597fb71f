import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useTexts } from "@/texts";
import { Button } from "./Button";
import styles from "./Dialog.module.css";
import { Icon } from "./Icon";

/** A dialog over the page; Escape and a press outside close it, focus goes back where it was. */
export function Dialog({
  title,
  isOpen,
  onClose,
  wide = false,
  children,
  actions,
}: {
  title: ReactNode;
  isOpen: boolean;
  onClose: () => void;
  wide?: boolean;
  children: ReactNode;
  actions?: ReactNode;
}) {
  const t = useTexts();
  return (
    <ModalOverlay
      isDismissable
      isOpen={isOpen}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      className={styles.overlay ?? ""}
    >
      <Modal className={[styles.modal, wide ? styles.wide : ""].join(" ")}>
        <AriaDialog className={styles.dialog ?? ""}>
          <header className={styles.head}>
            <Heading slot="title" className={styles.title ?? ""}>
              {title}
            </Heading>
            <Button kind="quiet" size="small" onPress={onClose} aria-label={t("ui.close")}>
              <Icon name="cross" />
            </Button>
          </header>
          <div className={styles.body}>{children}</div>
          {actions ? <footer className={styles.actions}>{actions}</footer> : null}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
