import {
  type AccountsQuery,
  CreateAccountDocument,
  ekmStatuses,
  type KnownEkmStatus,
  type KnownKeyHealthState,
  keyHealthStates,
} from "@ekm/client";
import { useAccountsQuery, useIntention } from "@ekm/client/react";
import { type FormEvent, useDeferredValue, useState } from "react";
import { Link, useLocation } from "wouter";
import { Shown } from "../../reading/shown.js";
import { useReading } from "../../reading/use-reading.js";
import { usePageTitle } from "../../shell/page-title.js";
import { Button } from "../../ui/button.js";
import { Card } from "../../ui/card.js";
import { Choice, type Option } from "../../ui/choice.js";
import { Dialog } from "../../ui/dialog.js";
import { Empty } from "../../ui/empty.js";
import { Failures } from "../../ui/failures.js";
import { Field } from "../../ui/field.js";
import { More } from "../../ui/more.js";
import { Pill } from "../../ui/pill.js";
import { Table } from "../../ui/table.js";
import { healthWords } from "../../words/health.js";
import { at, day } from "../../words/times.js";
import { titled } from "../../words/titled.js";

type Row = AccountsQuery["accounts"]["nodes"][number];

const PAGE = 25;
const READ_MS = 5_000;
const ANY = "ANY";
const options = (values: readonly string[]): readonly Option[] => [
  { id: ANY, name: "Any" },
  ...values.map((id) => ({ id, name: titled(id) })),
];
const STATUSES = options(ekmStatuses);
const HEALTHS = options(keyHealthStates);

/** Every tenant, and how its key does. */
export default function AccountsPage() {
  usePageTitle("Accounts");
  const [search, setSearch] = useState("");
  const [status, setStatus] = useState(ANY);
  const [health, setHealth] = useState(ANY);
  const [first, setFirst] = useState(PAGE);
  const [creating, setCreating] = useState(false);
  const text = useDeferredValue(search.trim());
  const filter = {
    ...(text === "" ? {} : { search: text }),
    ...(status === ANY ? {} : { ekmStatus: status as KnownEkmStatus }),
    ...(health === ANY ? {} : { health: health as KnownKeyHealthState }),
  };
  const reading = useReading(useAccountsQuery({ variables: { filter, first } }), { everyMs: () => READ_MS });
  return (
    <>
      <div className="row between">
        <h1>Accounts</h1>
        <Button onPress={() => setCreating(true)}>Create an account …</Button>
      </div>
      <Card title="Search">
        <div className="row">
          <Field label="Name or id" value={search} onChange={setSearch} />
          <Choice label="EKM" options={STATUSES} value={status} onChange={setStatus} />
          <Choice label="Key health" options={HEALTHS} value={health} onChange={setHealth} />
        </div>
      </Card>
      <Card title="Found">
        <Shown reading={reading} loading="Reading the accounts">
          {({ accounts: { nodes, totalCount, pageInfo } }) => {
            if (nodes.length === 0) return <Empty>No account is like this.</Empty>;
            return (
              <>
                <p className="muted" role="status">
                  {totalCount ?? nodes.length} accounts; read again every 5 seconds.
                </p>
                <Table
                  caption="Accounts"
                  rows={nodes}
                  keyOf={({ id }) => id}
                  columns={[
                    { name: "Account", cell: ({ id, name }) => <Link href={`/accounts/${id}`}>{name}</Link> },
                    { name: "EKM", cell: ekmOf },
                    { name: "Key health", cell: healthOf },
                    { name: "Why", cell: ({ ekm, keyLock }) => whyOf(ekm?.key?.health.problem?.code, keyLock !== null) },
                    { name: "Since", cell: ({ ekm }) => (ekm?.key == null ? "–" : at(ekm.key.health.since)) },
                    { name: "Key", cell: ({ ekm }) => (ekm?.key == null ? "–" : <code>{ekm.key.arn}</code>) },
                  ]}
                />
                <More
                  has={pageInfo.hasNextPage}
                  shown={nodes.length}
                  isReading={reading.fetching}
                  onMore={() => setFirst(first + PAGE)}
                />
              </>
            );
          }}
        </Shown>
      </Card>
      {creating ? <CreateAccount onClose={() => setCreating(false)} /> : null}
    </>
  );
}

function ekmOf({ ekm }: Row) {
  if (ekm === null) return "Not activated";
  if (ekm.status !== "ACTIVATED") return titled(ekm.status);
  return ekm.activationExpiresAt === null ? "Activated" : `Activated until ${day(ekm.activationExpiresAt)}`;
}

function healthOf({ ekm }: Row) {
  if (ekm?.key == null) return "–";
  const [tone, word] = healthWords(ekm.key.health.state);
  return <Pill tone={tone}>{word}</Pill>;
}

const whyOf = (code: string | undefined, isLocked: boolean): string =>
  isLocked ? "Locked by its admin" : code === undefined ? "–" : titled(code);

function CreateAccount({ onClose }: { readonly onClose: () => void }) {
  const [name, setName] = useState("");
  const [state, create] = useIntention(CreateAccountDocument);
  const [, go] = useLocation();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const result = await create({ name: name.trim() });
    if (result.ok) go(`/accounts/${result.data.account.id}`);
  };
  return (
    <Dialog title="Create an account" onClose={onClose}>
      <form className="stack" onSubmit={submit} noValidate>
        <Field label="Name of the customer" value={name} onChange={setName} isRequired />
        <Failures of={state.errors} />
        <div className="row">
          <Button type="submit" kind="primary" isDisabled={name.trim() === ""} isPending={state.sending}>
            Create the account
          </Button>
          <Button onPress={onClose}>Leave it</Button>
        </div>
      </form>
    </Dialog>
  );
}
