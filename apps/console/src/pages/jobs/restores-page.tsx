import { useRestoresQuery } from "@ekm/client/react";
import { useState } from "react";
import { Shown } from "../../reading/shown.js";
import { useReading } from "../../reading/use-reading.js";
import { useSession } from "../../session/session.js";
import { usePageTitle } from "../../shell/page-title.js";
import { Card } from "../../ui/card.js";
import { Empty } from "../../ui/empty.js";
import { More } from "../../ui/more.js";
import { Table } from "../../ui/table.js";
import { bytes } from "../../words/amounts.js";
import { isUnderWay } from "../../words/job-status.js";
import { at } from "../../words/times.js";
import { CancelJob } from "./cancel-job.js";
import { JobState } from "./job-state.js";

const PAGE = 20;
const UNDER_WAY_MS = 1_500;

export default function RestoresPage() {
  usePageTitle("Restores");
  const { mayOperate } = useSession();
  const [first, setFirst] = useState(PAGE);
  const reading = useReading(useRestoresQuery({ variables: { first } }), {
    everyMs: ({ account }) => (account?.restores.nodes.some(({ status }) => isUnderWay(status)) ? UNDER_WAY_MS : null),
  });
  return (
    <>
      <h1>Restores</h1>
      <Card title="Restores until now">
        <Shown reading={reading} loading="Reading the restores">
          {({ account }) => {
            const restores = account?.restores.nodes ?? [];
            if (restores.length === 0) return <Empty>Nothing was restored yet. A restore is started from a backup.</Empty>;
            return (
              <>
                <Table
                  caption="Restores, the newest first"
                  rows={restores}
                  keyOf={({ id }) => id}
                  columns={[
                    {
                      name: "Backup",
                      cell: ({ backup }) =>
                        `${backup.source.name}${backup.finishedAt === null ? "" : `, ${at(backup.finishedAt)}`}`,
                    },
                    { name: "State", cell: (restore) => <JobState label="Restored so far" job={restore} /> },
                    { name: "Begun", cell: ({ startedAt }) => (startedAt === null ? "waiting" : at(startedAt)) },
                    { name: "Ended", cell: ({ finishedAt }) => (finishedAt === null ? "–" : at(finishedAt)) },
                    { name: "Written", cell: ({ bytesReleased }) => bytes(bytesReleased) },
                    { name: "Target", cell: ({ target }) => <code>{target}</code> },
                    {
                      name: "Actions",
                      cell: ({ id, status, backup }) =>
                        mayOperate && isUnderWay(status) ? (
                          <CancelJob id={id} what={`the restore of ${backup.source.name}`} />
                        ) : (
                          "–"
                        ),
                    },
                  ]}
                />
                <More
                  has={account?.restores.pageInfo.hasNextPage ?? false}
                  shown={restores.length}
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
