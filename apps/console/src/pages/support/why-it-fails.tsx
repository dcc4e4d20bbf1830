import type { DiagnosisQuery } from "@ekm/client";
import { useDiagnosisQuery } from "@ekm/client/react";
import { Shown } from "../../reading/shown.js";
import { useReading } from "../../reading/use-reading.js";
import { Card } from "../../ui/card.js";
import { Block } from "../../ui/copy.js";
import { Table } from "../../ui/table.js";
import { plural } from "../../words/amounts.js";
import { at } from "../../words/times.js";
import { titled } from "../../words/titled.js";

type Found = NonNullable<DiagnosisQuery["account"]>["diagnosis"];

export function WhyItFails({ accountId }: { readonly accountId: string }) {
  const reading = useReading(useDiagnosisQuery({ variables: { accountId } }));
  return (
    <Shown reading={reading} loading="Reading the diagnosis">
      {({ account }) => (account === null ? null : <Diagnosed diagnosis={account.diagnosis} />)}
    </Shown>
  );
}

function Diagnosed({ diagnosis }: { readonly diagnosis: Found }) {
  const {
    state,
    summary,
    since,
    backupsAtRisk,
    causes,
    failedJobs,
    whatTheCustomerMustDo,
    whatSupportCanDo,
    promise,
    ticketText,
  } = diagnosis;
  return (
    <>
      <Card title={state === "WELL" ? "Nothing is the matter" : `Why: ${titled(state).toLowerCase()}`}>
        <p>{summary}</p>
        <p className="muted">
          {since === null ? "" : `Since ${at(since)}. `}
          {Number(backupsAtRisk) === 0 ? "" : `${plural(backupsAtRisk, "backup")} at risk.`}
        </p>
        {causes.map(({ code, meaning, seenAt, possibleCauses, awsErrorName, awsRequestId }) => (
          <div key={`${code} ${seenAt}`} className="stack tight">
            <p>
              <code>{code}</code> {meaning} <span className="muted">Seen {at(seenAt)}.</span>
            </p>
            {possibleCauses.length === 0 ? null : (
              <ul>
                {possibleCauses.map((cause) => (
                  <li key={cause}>{cause}</li>
                ))}
              </ul>
            )}
            {awsErrorName === null ? null : (
              <p className="muted small">
                AWS said {awsErrorName}
                {awsRequestId === null ? "" : `, request ${awsRequestId}`}
              </p>
            )}
          </div>
        ))}
        {failedJobs.length === 0 ? null : (
          <Table
            caption="Jobs that failed"
            rows={failedJobs}
            keyOf={({ code }) => code}
            columns={[
              { name: "Code", cell: ({ code }) => <code>{code}</code> },
              { name: "Backups", cell: ({ backups }) => backups },
              { name: "Restores", cell: ({ restores }) => restores },
              { name: "Last", cell: ({ lastFailedAt }) => at(lastFailedAt) },
            ]}
          />
        )}
        {whatTheCustomerMustDo.length === 0 ? null : (
          <>
            <h3>What the customer must do</h3>
            <ol className="stack tight">
              {whatTheCustomerMustDo.map(({ text, awsCli }) => (
                <li key={text}>
                  {text}
                  {awsCli === null ? null : <Block text={awsCli} what={`Commands: ${text}`} />}
                </li>
              ))}
            </ol>
          </>
        )}
        {whatSupportCanDo.length === 0 ? null : (
          <>
            <h3>What support can do</h3>
            <ul>
              {whatSupportCanDo.map((text) => (
                <li key={text}>{text}</li>
              ))}
            </ul>
          </>
        )}
        <p className="muted">{promise}</p>
      </Card>
      <Card title="Text for the ticket">
        <Block text={ticketText} what="the text for the ticket" />
      </Card>
    </>
  );
}
