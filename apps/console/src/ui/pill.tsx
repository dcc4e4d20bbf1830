import type { ReactNode } from "react";
import type { Tone } from "./notice.js";

const MARK: Readonly<Record<Tone, string>> = { good: "●", warn: "▲", bad: "■", info: "◆", idle: "○" };

/** A state: by its word, its shape and its colour. */
export function Pill({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  return (
    <span className={`pill ${tone}`}>
      <span aria-hidden="true">{MARK[tone]}</span> {children}
    </span>
  );
}
