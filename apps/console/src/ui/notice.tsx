import type { ReactNode } from "react";

export type Tone = "good" | "warn" | "bad" | "info" | "idle";

interface Props {
  readonly tone: Exclude<Tone, "idle">;
  readonly title?: string;
  readonly children: ReactNode;
}

const WORD: Readonly<Record<Props["tone"], string>> = { good: "Done", warn: "Note", bad: "Problem", info: "Note" };

/** A box that says something is the matter, in words and not by colour alone. */
export function Notice({ tone, title, children }: Props) {
  return (
    <div className={`notice ${tone}`} role={tone === "bad" ? "alert" : "status"}>
      <strong>{title ?? WORD[tone]}</strong>
      <div className="stack tight">{children}</div>
    </div>
  );
}
