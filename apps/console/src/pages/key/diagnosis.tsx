import type { CustomerKeyDetailsFragment } from "@ekm/client";
import { useDiagnosisQuery } from "@ekm/client/react";
import { useReading } from "../../reading/use-reading.js";
import { Card } from "../../ui/card.js";
import { Block } from "../../ui/copy.js";

interface Props {
  readonly accountId: string;
  readonly keyOf: CustomerKeyDetailsFragment;
}

/** What to do about it, while something is the matter. */
export function Diagnosis({ accountId, keyOf }: Props) {
  const { data } = useReading(useDiagnosisQuery({ variables: { accountId } }));
  const diagnosis = data?.account?.diagnosis;
  const isWell = keyOf.health.problem === null;
  if (isWell || diagnosis === undefined || diagnosis.whatTheCustomerMustDo.length === 0) return null;
  return (
    <Card title="What to do">
      <p>{diagnosis.summary}</p>
      <ol className="stack">
        {diagnosis.whatTheCustomerMustDo.map(({ text, awsCli }) => (
          <li key={text}>
            <p>{text}</p>
            {awsCli === null ? null : <Block text={awsCli} what={`Commands: ${text}`} />}
          </li>
        ))}
      </ol>
      <p className="muted">{diagnosis.promise}</p>
    </Card>
  );
}
