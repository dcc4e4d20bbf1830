import { type BackupSourceDetailsFragment, StartBackupDocument } from "@ekm/client";
import { useBackupSourcesQuery, useIntention } from "@ekm/client/react";
import { useState } from "react";
import { Shown } from "../../reading/shown.js";
import { useReading } from "../../reading/use-reading.js";
import { useSession } from "../../session/session.js";
import { Button } from "../../ui/button.js";
import { Card } from "../../ui/card.js";
import { Empty } from "../../ui/empty.js";
import { Failures } from "../../ui/failures.js";
import { titled } from "../../words/titled.js";
import { RegisterSource } from "./register-source.js";

const SHOWN = 100;

export function Sources() {
  const { account, mayAdminister } = useSession();
  const [registering, setRegistering] = useState(false);
  const reading = useReading(useBackupSourcesQuery({ variables: { first: SHOWN } }));
  return (
    <Card
      title="Sources"
      side={
        mayAdminister ? (
          <Button small onPress={() => setRegistering(true)}>
            Add a source …
          </Button>
        ) : null
      }
    >
      <Shown reading={reading} loading="Reading the sources">
        {({ account: found }) => {
          const sources = found?.sources.nodes ?? [];
          if (sources.length === 0)
            return <Empty>There is nothing to back up yet. Add a source: a directory, or a Salesforce export.</Empty>;
          return (
            <ul className="people">
              {sources.map((source) => (
                <Source key={source.id} source={source} />
              ))}
            </ul>
          );
        }}
      </Shown>
      {registering && account !== null ? <RegisterSource accountId={account.id} onClose={() => setRegistering(false)} /> : null}
    </Card>
  );
}

function Source({ source: { id, name, kind, location } }: { readonly source: BackupSourceDetailsFragment }) {
  const { account, mayOperate } = useSession();
  const [state, start] = useIntention(StartBackupDocument);
  return (
    <li>
      <span>
        <strong>{name}</strong>{" "}
        <span className="muted small">
          {titled(kind)} · {location}
        </span>
      </span>
      {mayOperate && account !== null ? (
        <Button
          small
          onPress={() => start({ accountId: account.id, sourceId: id })}
          isPending={state.sending}
          aria-label={`Back up now: ${name}`}
        >
          Back up now
        </Button>
      ) : null}
      <Failures of={state.errors} />
    </li>
  );
}
