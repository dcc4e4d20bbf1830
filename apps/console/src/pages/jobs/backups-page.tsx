import type { BackupDetailsFragment } from "@ekm/client";
import { useBackupsQuery } from "@ekm/client/react";
import { useState } from "react";
import { Shown } from "../../reading/shown.js";
import { useReading } from "../../reading/use-reading.js";
import { useSession } from "../../session/session.js";
import { usePageTitle } from "../../shell/page-title.js";
import { Button } from "../../ui/button.js";
import { Card } from "../../ui/card.js";
import { Empty } from "../../ui/empty.js";
import { More } from "../../ui/more.js";
import { Table } from "../../ui/table.js";
import { bytes, count } from "../../words/amounts.js";
import { isUnderWay } from "../../words/job-status.js";
import { at } from "../../words/times.js";
import { CancelJob } from "./cancel-job.js";
import { JobState } from "./job-state.js";
import { Sources } from "./sources.js";
import { StartRestore } from "./start-restore.js";

const PAGE = 20;
const UNDER_WAY_MS = 1_500;

export default function BackupsPage() {
  usePageTitle("Backups");
  const { mayOperate } = useSession();
  const [first, setFirst] = useState(PAGE);
  const [restoring, setRestoring] = useState<BackupDetailsFragment | null>(null);
  const reading = useReading(useBackupsQuery({ variables: { first } }), {
    everyMs: ({ account }) => (account?.backups.nodes.some(({ status }) => isUnderWay(status)) ? UNDER_WAY_MS : null),
  });
  return (
    <>
      <h1>Backups</h1>
      <Sources />
      <Card title="Backups until now">
        <Shown reading={reading} loading="Reading the backups">
          {({ account }) => {
            const backups = account?.backups.nodes ?? [];
            if (backups.length === 0) return <Empty>There is no backup yet. Start one from a source above.</Empty>;
            return (
              <>
                <Table
                  caption="Backups, the newest first"
                  rows={backups}
                  keyOf={({ id }) => id}
                  columns={[
                    { name: "Source", cell: ({ source }) => source.name },
                    { name: "State", cell: (backup) => <JobState label="Read so far" job={backup} /> },
                    { name: "Begun", cell: ({ startedAt }) => (startedAt === null ? "waiting" : at(startedAt)) },
                    { name: "Ended", cell: ({ finishedAt }) => (finishedAt === null ? "–" : at(finishedAt)) },
                    { name: "Size", cell: size },
                    { name: "Under", cell: ({ protectedBy }) => (protectedBy === "ENTERPRISE" ? "your key" : "our key") },
                    {
                      name: "Actions",
                      cell: (backup) =>
                        mayOperate ? (
                          <Actions backup={backup} onRestore={() => setRestoring(backup)} />
                        ) : (
                          <span className="muted">–</span>
                        ),
                    },
                  ]}
                />
                <More
                  has={account?.backups.pageInfo.hasNextPage ?? false}
                  shown={backups.length}
                  isReading={reading.fetching}
                  onMore={() => setFirst(first + PAGE)}
                />
              </>
            );
          }}
        </Shown>
      </Card>
      {restoring === null ? null : <StartRestore backup={restoring} onClose={() => setRestoring(null)} />}
    </>
  );
}

const size = ({ bytes: amount, items }: BackupDetailsFragment) =>
  amount === null ? "–" : `${bytes(amount)}${items === null ? "" : `, ${count(items)} files`}`;

function Actions({ backup, onRestore }: { readonly backup: BackupDetailsFragment; readonly onRestore: () => void }) {
  const what = `the backup of ${backup.source.name}`;
  if (isUnderWay(backup.status)) return <CancelJob id={backup.id} what={what} />;
  if (!backup.restorable) return <span className="muted">{backup.status === "SUCCEEDED" ? "not restorable" : "–"}</span>;
  return (
    <Button
      small
      onPress={onRestore}
      aria-label={`Restore ${what}${backup.finishedAt === null ? "" : ` of ${at(backup.finishedAt)}`}`}
    >
      Restore …
    </Button>
  );
}
