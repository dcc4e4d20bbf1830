import type { ReactNode } from "react";
import { Checkbox } from "react-aria-components/Checkbox";

interface Props {
  readonly isSelected: boolean;
  readonly onChange: (is: boolean) => void;
  readonly isDisabled?: boolean;
  readonly children: ReactNode;
}

export function Tick({ children, ...rest }: Props) {
  return (
    <Checkbox {...rest} className="tick">
      <span className="box" aria-hidden="true" />
      <span>{children}</span>
    </Checkbox>
  );
}
