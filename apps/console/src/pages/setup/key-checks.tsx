import { isKnown, type KeyCheckDetailsFragment, type KnownVerdict, verdicts } from "@ekm/client";
import type { Tone } from "../../ui/notice.js";
import { Pill } from "../../ui/pill.js";
import { KEY_CHECKS } from "../../words/key-checks.js";
import { titled } from "../../words/titled.js";

const VERDICTS: Readonly<Record<KnownVerdict, readonly [Tone, string]>> = {
  PASS: ["good", "Passed"],
  WARN: ["warn", "Warning"],
  FAIL: ["bad", "Failed"],
  SKIPPED: ["idle", "Not tried"],
};

/** Null: they are being run. */
export function KeyChecks({ checks }: { readonly checks: readonly KeyCheckDetailsFragment[] | null }) {
  if (checks === null) {
    return (
      <ul className="checks" aria-label="Checks of the key" aria-busy="true">
        {Object.entries(KEY_CHECKS).map(([name, words]) => (
          <li key={name}>
            <Pill tone="idle">…</Pill>
            <span>{words}</span>
          </li>
        ))}
      </ul>
    );
  }
  return (
    <ul className="checks" aria-label="Checks of the key">
      {checks.map((check) => (
        <Check key={check.check} of={check} />
      ))}
    </ul>
  );
}

function Check({ of: { check, verdict, code, message, remedy } }: { readonly of: KeyCheckDetailsFragment }) {
  const [tone, word] = isKnown(verdicts, verdict) ? VERDICTS[verdict] : (["idle", titled(verdict)] as const);
  const words = (KEY_CHECKS as Readonly<Record<string, string>>)[check] ?? titled(check);
  return (
    <li>
      <span>
        <Pill tone={tone}>{word}</Pill>
      </span>
      <span>{words}</span>
      {verdict === "PASS" || verdict === "SKIPPED" ? null : (
        <span className="said">
          {message} {remedy} {code === null ? null : <code>{code}</code>}
        </span>
      )}
    </li>
  );
}
