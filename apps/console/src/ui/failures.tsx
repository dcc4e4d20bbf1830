import type { Failure } from "@ekm/client";
import { wordsOf } from "../reading/shown.js";
import { Notice } from "./notice.js";

/** Why a mutation was not done. */
export function Failures({ of: failures }: { readonly of: readonly Failure[] }) {
  if (failures.length === 0) return null;
  return (
    <Notice tone="bad" title="This was not done">
      {failures.map((failure) =>
        failure.kind === "user" ? (
          <div key={`${failure.code} ${failure.message}`}>
            <p>
              {failure.message} <code>{failure.code}</code>
            </p>
            {failure.remedy === null ? null : <p>{failure.remedy}</p>}
          </div>
        ) : (
          <p key={failure.code}>{wordsOf(failure)}</p>
        ),
      )}
    </Notice>
  );
}
