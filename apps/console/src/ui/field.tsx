import { FieldError } from "react-aria-components/FieldError";
import { Input } from "react-aria-components/Input";
import { Label } from "react-aria-components/Label";
import { Text } from "react-aria-components/Text";
import { TextField } from "react-aria-components/TextField";

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly description?: string;
  readonly error?: string | null;
  readonly placeholder?: string;
  readonly isDisabled?: boolean;
  readonly isRequired?: boolean;
  /** Not shown, not kept by the browser. */
  readonly secret?: boolean;
  /** An identifier: no spelling, no correction, fixed pitch. */
  readonly code?: boolean;
  readonly inputMode?: "numeric";
}

export function Field({
  label,
  value,
  onChange,
  description,
  error = null,
  secret,
  code,
  placeholder,
  inputMode,
  ...rest
}: Props) {
  return (
    <TextField
      {...rest}
      className="field"
      value={value}
      onChange={onChange}
      isInvalid={error !== null}
      validationBehavior="aria"
      type={secret ? "password" : "text"}
      autoComplete="off"
    >
      <Label>{label}</Label>
      <Input
        className={code ? "mono" : ""}
        {...(placeholder === undefined ? {} : { placeholder })}
        {...(inputMode === undefined ? {} : { inputMode })}
        spellCheck={false}
        autoCapitalize="off"
        autoCorrect="off"
      />
      {description === undefined ? null : (
        <Text slot="description" className="hint">
          {description}
        </Text>
      )}
      <FieldError className="fault">{error}</FieldError>
    </TextField>
  );
}
