import type { ProblemDetailsFragment } from "@ekm/client";
import { titled } from "../words/titled.js";
import { Notice } from "./notice.js";

interface Props {
  readonly of: ProblemDetailsFragment;
  readonly tone?: "warn" | "bad";
}

/** What is the matter, what may be behind it, and what to do. */
export function Problem({ of: problem, tone = "bad" }: Props) {
  const { code, message, remedy, possibleCauses, awsErrorName, awsRequestId } = problem;
  return (
    <Notice tone={tone} title={titled(code)}>
      <p>{message}</p>
      {possibleCauses.length === 0 ? null : (
        <>
          <p>It may be because:</p>
          <ul>
            {possibleCauses.map((cause) => (
              <li key={cause}>{cause}</li>
            ))}
          </ul>
        </>
      )}
      {remedy === null ? null : <p>{remedy}</p>}
      <p className="small muted">
        <code>{code}</code>
        {awsErrorName === null ? null : (
          <>
            {" "}
            · AWS said <code>{awsErrorName}</code>
          </>
        )}
        {awsRequestId === null ? null : (
          <>
            {" "}
            · AWS request <code>{awsRequestId}</code>
          </>
        )}
      </p>
    </Notice>
  );
}
