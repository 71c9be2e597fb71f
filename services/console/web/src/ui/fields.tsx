/** Form controls: a label, the control, a description, the error. */
import type { ReactNode } from "react";
import {
  Checkbox as AriaCheckbox,
  NumberField as AriaNumberField,
  Radio as AriaRadio,
  RadioGroup as AriaRadioGroup,
  Select as AriaSelect,
  Switch as AriaSwitch,
  TextField as AriaTextField,
  Button,
  type CheckboxProps,
  FieldError,
  Group,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  type NumberFieldProps,
  Popover,
  type RadioGroupProps,
  SelectValue,
  type SwitchProps,
  Text,
  TextArea,
  type TextFieldProps,
} from "react-aria-components";
import { useTexts } from "@/texts";
import styles from "./fields.module.css";
import { Icon } from "./Icon";

interface Described {
  label: ReactNode;
  description?: ReactNode;
  /** Shown below the control in place of the browser's own words. */
  error?: string | undefined;
}

function Below({ description, error }: Pick<Described, "description" | "error">) {
  return (
    <>
      {description ? (
        <Text slot="description" className={styles.description ?? ""}>
          {description}
        </Text>
      ) : null}
      <FieldError className={styles.error ?? ""}>{error}</FieldError>
    </>
  );
}

export function TextField({
  label,
  description,
  error,
  rows,
  mono = false,
  placeholder,
  ...props
}: TextFieldProps & Described & { rows?: number; mono?: boolean; placeholder?: string }) {
  const input = [styles.input, mono ? styles.mono : ""].join(" ");
  return (
    <AriaTextField
      {...props}
      isInvalid={props.isInvalid || Boolean(error)}
      className={styles.field ?? ""}
    >
      <Label className={styles.label ?? ""}>{label}</Label>
      {rows ? (
        <TextArea rows={rows} className={input} placeholder={placeholder} spellCheck={!mono} />
      ) : (
        <Input className={input} placeholder={placeholder} />
      )}
      <Below description={description} error={error} />
    </AriaTextField>
  );
}

export function NumberField({
  label,
  description,
  error,
  unit,
  ...props
}: NumberFieldProps & Described & { unit?: string }) {
  return (
    <AriaNumberField
      {...props}
      isInvalid={props.isInvalid || Boolean(error)}
      className={styles.field ?? ""}
    >
      <Label className={styles.label ?? ""}>{label}</Label>
      <Group className={styles.with_unit ?? ""}>
        <Input className={styles.input ?? ""} />
        {unit ? <span className={styles.unit}>{unit}</span> : null}
      </Group>
      <Below description={description} error={error} />
    </AriaNumberField>
  );
}

export interface Choice<Id extends string> {
  id: Id;
  label: string;
  note?: string;
}

export function Select<Id extends string>({
  label,
  description,
  choices,
  value,
  onChange,
  isDisabled = false,
  hideLabel = false,
}: Described & {
  choices: readonly Choice<Id>[];
  value: Id | null;
  onChange: (id: Id) => void;
  isDisabled?: boolean;
  hideLabel?: boolean;
}) {
  const t = useTexts();
  return (
    <AriaSelect
      className={styles.field ?? ""}
      value={value}
      onChange={(key) => {
        if (key !== null) onChange(String(key) as Id);
      }}
      isDisabled={isDisabled}
      placeholder={choices.length === 0 ? t("ui.select.none") : t("ui.select.choose")}
    >
      <Label className={hideLabel ? "visually-hidden" : (styles.label ?? "")}>{label}</Label>
      <Button className={styles.select ?? ""}>
        <SelectValue className={styles.select_value ?? ""} />
        <Icon name="down" />
      </Button>
      {description ? (
        <Text slot="description" className={styles.description ?? ""}>
          {description}
        </Text>
      ) : null}
      <Popover className={styles.popover ?? ""}>
        <ListBox items={choices} className={styles.list ?? ""}>
          {(choice) => (
            <ListBoxItem id={choice.id} textValue={choice.label} className={styles.item ?? ""}>
              <Text slot="label">{choice.label}</Text>
              {choice.note ? (
                <Text slot="description" className={styles.description ?? ""}>
                  {choice.note}
                </Text>
              ) : null}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}

export function Checkbox({ children, ...props }: CheckboxProps & { children: ReactNode }) {
  return (
    <AriaCheckbox {...props} className={styles.check ?? ""}>
      <span className={styles.box}>
        <Icon name="check" size="1rem" />
      </span>
      <span>{children}</span>
    </AriaCheckbox>
  );
}

export function Switch({ children, ...props }: SwitchProps & { children: ReactNode }) {
  return (
    <AriaSwitch {...props} className={styles.check ?? ""}>
      <span className={styles.track} />
      <span>{children}</span>
    </AriaSwitch>
  );
}

/** One of a few, all in sight. */
export function Radios<Id extends string>({
  label,
  choices,
  value,
  onChange,
  description,
  error,
  ...props
}: Omit<RadioGroupProps, "onChange" | "value" | "children"> &
  Described & { choices: readonly Choice<Id>[]; value: Id | null; onChange: (id: Id) => void }) {
  return (
    <AriaRadioGroup
      {...props}
      value={value}
      onChange={(id) => onChange(id as Id)}
      className={styles.field ?? ""}
    >
      <Label className={styles.label ?? ""}>{label}</Label>
      {choices.map((choice) => (
        <AriaRadio key={choice.id} value={choice.id} className={styles.check ?? ""}>
          <span className={styles.dot} />
          <span>
            {choice.label}
            {choice.note ? <span className={styles.description}>{choice.note}</span> : null}
          </span>
        </AriaRadio>
      ))}
      <Below description={description} error={error} />
    </AriaRadioGroup>
  );
}
