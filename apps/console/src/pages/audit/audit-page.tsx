import { type AuditEventDetailsFragment, auditActions, type KnownAuditAction } from "@ekm/client";
import { useAuditLogQuery } from "@ekm/client/react";
import { useState } from "react";
import { Shown } from "../../reading/shown.js";
import { useReading } from "../../reading/use-reading.js";
import { usePageTitle } from "../../shell/page-title.js";
import { Card } from "../../ui/card.js";
import { Choice, type Option } from "../../ui/choice.js";
import { Empty } from "../../ui/empty.js";
import { More } from "../../ui/more.js";
import type { Tone } from "../../ui/notice.js";
import { Pill } from "../../ui/pill.js";
import { Table } from "../../ui/table.js";
import { at } from "../../words/times.js";
import { titled } from "../../words/titled.js";

const PAGE = 25;
const ANY = "ANY";
const ACTIONS: readonly Option[] = [{ id: ANY, name: "Everything" }, ...auditActions.map((id) => ({ id, name: titled(id) }))];
const TONES: Readonly<Record<string, Tone>> = { DONE: "good", REFUSED: "warn", FAILED: "bad" };

export default function AuditPage() {
  usePageTitle("Audit log");
  const [action, setAction] = useState(ANY);
  const [first, setFirst] = useState(PAGE);
  const reading = useReading(
    useAuditLogQuery({ variables: { first, ...(action === ANY ? {} : { action: action as KnownAuditAction }) } }),
  );
  return (
    <>
      <h1>Audit log</h1>
      <Card title="What was done" side={<Choice label="Show" options={ACTIONS} value={action} onChange={setAction} />}>
        <p className="muted">
          Each entry holds the hash of the one before, so that none can be changed or taken out unseen. To check the whole chain
          yourself, export it and run <code>ekm audit verify</code>.
        </p>
        <Shown reading={reading} loading="Reading the log">
          {({ account }) => {
            const entries = account?.auditLog.nodes ?? [];
            if (entries.length === 0) return <Empty>There is no such entry.</Empty>;
            return (
              <>
                <Table
                  caption="Audit log, the newest first"
                  rows={entries}
                  keyOf={({ id }) => id}
                  columns={[
                    { name: "No.", cell: ({ sequence }) => sequence },
                    { name: "When", cell: (entry) => at(entry.at) },
                    { name: "Who", cell: ({ actor }) => actor },
                    { name: "What", cell: ({ action: what }) => titled(what) },
                    { name: "Outcome", cell: ({ outcome }) => <Pill tone={TONES[outcome] ?? "idle"}>{titled(outcome)}</Pill> },
                    { name: "Detail", cell: detailOf },
                  ]}
                />
                <More
                  has={account?.auditLog.pageInfo.hasNextPage ?? false}
                  shown={entries.length}
                  isReading={reading.fetching}
                  onMore={() => setFirst(first + PAGE)}
                />
              </>
            );
          }}
        </Shown>
      </Card>
    </>
  );
}

const detailOf = ({ detail, subject, hash, previousHash, awsRequestIds }: AuditEventDetailsFragment) => (
  <div className="stack tight">
    <span>{detail}</span>
    <details className="small muted">
      <summary>Evidence</summary>
      {subject === null ? null : (
        <p>
          Of <code>{subject}</code>
        </p>
      )}
      <p>
        Hash <code>{hash}</code>
      </p>
      <p>
        Before <code>{previousHash}</code>
      </p>
      {awsRequestIds.length === 0 ? null : (
        <p>
          AWS requests <code>{awsRequestIds.join(", ")}</code>
        </p>
      )}
    </details>
  </div>
);
