import type { ReactNode } from "react";
import { Button as AriaButton, type ButtonProps } from "react-aria-components/Button";

interface Props extends Omit<ButtonProps, "className" | "style" | "children" | "isPending"> {
  readonly kind?: "primary" | "danger" | "plain";
  readonly small?: boolean;
  /** What was pressed is under way. It can be pressed again: that is one intention, and has one effect. */
  readonly isPending?: boolean;
  readonly children: ReactNode;
}

export function Button({ kind = "plain", small = false, isPending = false, children, ...rest }: Props) {
  return (
    <AriaButton {...rest} className={`button ${kind}${small ? " small" : ""}${isPending ? " pending" : ""}`}>
      {children}
    </AriaButton>
  );
}
