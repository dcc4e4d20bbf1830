import { useKeyHealthHistoryQuery } from "@ekm/client/react";
import { Shown } from "../../reading/shown.js";
import { useReading } from "../../reading/use-reading.js";
import { Card } from "../../ui/card.js";
import { Empty } from "../../ui/empty.js";
import { Pill } from "../../ui/pill.js";
import { Table } from "../../ui/table.js";
import { healthWords } from "../../words/health.js";
import { at } from "../../words/times.js";
import { titled } from "../../words/titled.js";

const SHOWN = 10;

export function HealthHistory() {
  const reading = useReading(useKeyHealthHistoryQuery({ variables: { first: SHOWN } }));
  return (
    <Card title="Health until now">
      <Shown reading={reading} loading="Reading the history">
        {({ account }) => {
          const entries = account?.ekm?.key?.healthHistory.nodes ?? [];
          if (entries.length === 0) return <Empty>Nothing was observed yet.</Empty>;
          return (
            <Table
              caption="Health until now, the newest first"
              rows={entries}
              keyOf={({ since, state }) => `${since} ${state}`}
              columns={[
                { name: "Since", cell: ({ since }) => at(since) },
                {
                  name: "State",
                  cell: ({ state }) => {
                    const [tone, word] = healthWords(state);
                    return <Pill tone={tone}>{word}</Pill>;
                  },
                },
                { name: "Why", cell: ({ problem }) => (problem === null ? "–" : titled(problem.code)) },
              ]}
            />
          );
        }}
      </Shown>
    </Card>
  );
}
