import {
  CreateWebhookDocument,
  DeleteWebhookDocument,
  type KnownWebhookState,
  SendTestWebhookDocument,
  type WebhookDetailsFragment,
} from "@ekm/client";
import { useIntention, useWebhooksQuery } from "@ekm/client/react";
import { type FormEvent, useState } from "react";
import { Shown } from "../../reading/shown.js";
import { useReading } from "../../reading/use-reading.js";
import { useSession } from "../../session/session.js";
import { usePageTitle } from "../../shell/page-title.js";
import { Button } from "../../ui/button.js";
import { Card } from "../../ui/card.js";
import { Block } from "../../ui/copy.js";
import { Dialog } from "../../ui/dialog.js";
import { Empty } from "../../ui/empty.js";
import { Failures } from "../../ui/failures.js";
import { Field } from "../../ui/field.js";
import { Notice, type Tone } from "../../ui/notice.js";
import { Pill } from "../../ui/pill.js";
import { Table } from "../../ui/table.js";
import { at } from "../../words/times.js";
import { titled } from "../../words/titled.js";

const TONES: Readonly<Record<KnownWebhookState, Tone>> = { ACTIVE: "good", FAILING: "warn", DISABLED: "idle" };
const SHOWN = 50;

export default function WebhooksPage() {
  usePageTitle("Webhooks");
  const { account, mayAdminister } = useSession();
  const [creating, setCreating] = useState(false);
  const reading = useReading(useWebhooksQuery({ variables: { first: SHOWN } }));
  return (
    <>
      <h1>Webhooks</h1>
      <Card
        title="Who is told"
        side={
          mayAdminister ? (
            <Button small onPress={() => setCreating(true)}>
              Add a webhook …
            </Button>
          ) : null
        }
      >
        <Shown reading={reading} loading="Reading the webhooks">
          {({ account: found }) => {
            const webhooks = found?.webhooks.nodes ?? [];
            if (webhooks.length === 0)
              return <Empty>Nobody is told yet when a key fails. Add the address of your alerting.</Empty>;
            return (
              <Table
                caption="Webhooks"
                rows={webhooks}
                keyOf={({ id }) => id}
                columns={[
                  { name: "Address", cell: ({ url, description }) => `${url}${description ? ` · ${description}` : ""}` },
                  { name: "State", cell: stateOf },
                  { name: "Told of", cell: ({ kinds }) => kinds.map(titled).join(", ") },
                  { name: "Added", cell: ({ createdAt }) => at(createdAt) },
                  { name: "Actions", cell: (webhook) => (mayAdminister ? <Actions webhook={webhook} /> : "–") },
                ]}
              />
            );
          }}
        </Shown>
      </Card>
      {creating && account !== null ? <CreateWebhook accountId={account.id} onClose={() => setCreating(false)} /> : null}
    </>
  );
}

const stateOf = ({ state, disabledReason, failingSince }: WebhookDetailsFragment) => (
  <div className="stack tight">
    <span>
      <Pill tone={(TONES as Readonly<Record<string, Tone>>)[state] ?? "idle"}>{titled(state)}</Pill>
    </span>
    {failingSince === null ? null : <span className="small">since {at(failingSince)}</span>}
    {disabledReason === null ? null : <span className="small">{titled(disabledReason)}</span>}
  </div>
);

function Actions({ webhook: { id, url } }: { readonly webhook: WebhookDetailsFragment }) {
  const [testing, test] = useIntention(SendTestWebhookDocument);
  const [deleting, remove] = useIntention(DeleteWebhookDocument);
  const [sent, setSent] = useState(false);
  const send = async () => setSent((await test({ webhookId: id })).ok);
  return (
    <div className="stack tight">
      <div className="row tight">
        <Button small onPress={send} isPending={testing.sending} aria-label={`Send a test to ${url}`}>
          Send a test
        </Button>
        <Button
          small
          kind="danger"
          onPress={() => remove({ webhookId: id })}
          isPending={deleting.sending}
          aria-label={`Remove ${url}`}
        >
          Remove
        </Button>
      </div>
      <span role="status" className="small muted">
        {sent ? "A test is on its way." : ""}
      </span>
      <Failures of={[...testing.errors, ...deleting.errors]} />
    </div>
  );
}

function CreateWebhook({ accountId, onClose }: { readonly accountId: string; readonly onClose: () => void }) {
  const [url, setUrl] = useState("");
  const [description, setDescription] = useState("");
  const [secret, setSecret] = useState<string | null>(null);
  const [state, create] = useIntention(CreateWebhookDocument);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const input = { accountId, url: url.trim(), ...(description.trim() === "" ? {} : { description: description.trim() }) };
    const result = await create(input);
    if (result.ok) setSecret(result.data.secret ?? "");
  };
  if (secret !== null) {
    return (
      <Dialog title="The webhook was added" onClose={onClose}>
        <Notice tone="warn" title="The secret is shown this once">
          <p>With it your receiver checks that a message is ours. Copy it now.</p>
        </Notice>
        <Block text={secret} what="the webhook's secret" />
        <div className="row">
          <Button kind="primary" onPress={onClose}>
            I have it
          </Button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title="Add a webhook" onClose={onClose}>
      <form className="stack" onSubmit={submit} noValidate>
        <p>It is told of everything: keys that fail, locks, updates of the key, jobs that failed.</p>
        <Field label="Address" placeholder="https://" value={url} onChange={setUrl} isRequired code />
        <Field label="Description" value={description} onChange={setDescription} />
        <Failures of={state.errors} />
        <div className="row">
          <Button type="submit" kind="primary" isDisabled={url.trim() === ""} isPending={state.sending}>
            Add the webhook
          </Button>
          <Button onPress={onClose}>Leave it</Button>
        </div>
      </form>
    </Dialog>
  );
}
