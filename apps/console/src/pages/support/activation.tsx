import { type AccountSettingsFragment, ActivateEkmDocument, WithdrawEkmActivationDocument } from "@ekm/client";
import { useIntention } from "@ekm/client/react";
import { type FormEvent, useState } from "react";
import { Button } from "../../ui/button.js";
import { Card } from "../../ui/card.js";
import { Failures } from "../../ui/failures.js";
import { Field } from "../../ui/field.js";

const MOST_DAYS = 365;

/** Activating for an account that asked, with the ticket in which it did; or taking that back before it was used. */
export function Activation({ account }: { readonly account: AccountSettingsFragment }) {
  return account.ekm === null ? <Activate accountId={account.id} /> : <Withdraw accountId={account.id} />;
}

function Activate({ accountId }: { readonly accountId: string }) {
  const [ticket, setTicket] = useState("");
  const [days, setDays] = useState("");
  const [state, activate] = useIntention(ActivateEkmDocument);
  const isWhole = days === "" || (/^\d{1,3}$/.test(days) && Number(days) >= 1 && Number(days) <= MOST_DAYS);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (ticket.trim() === "" || !isWhole) return;
    await activate({ accountId, ticket: ticket.trim(), ...(days === "" ? {} : { expiresInDays: Number(days) }) });
  };
  return (
    <Card title="Activate Enterprise Key Management">
      <form className="stack" onSubmit={submit} noValidate>
        <p>The customer's admin can then name a key and enable it. It stands in the customer's audit log.</p>
        <Field label="Ticket in which the customer asked" value={ticket} onChange={setTicket} isRequired />
        <Field
          label="Days to use it"
          description="Left empty: without an end."
          value={days}
          onChange={setDays}
          inputMode="numeric"
          error={isWhole ? null : `A whole number from 1 to ${MOST_DAYS}.`}
        />
        <Failures of={state.errors} />
        <div className="row">
          <Button type="submit" kind="primary" isDisabled={ticket.trim() === "" || !isWhole} isPending={state.sending}>
            Activate
          </Button>
        </div>
      </form>
    </Card>
  );
}

function Withdraw({ accountId }: { readonly accountId: string }) {
  const [reason, setReason] = useState("");
  const [state, withdraw] = useIntention(WithdrawEkmActivationDocument);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim() !== "") await withdraw({ accountId, reason: reason.trim() });
  };
  return (
    <Card title="Withdraw the activation">
      <form className="stack" onSubmit={submit} noValidate>
        <p>It was not used yet. Once the customer has enabled a key there is no way back.</p>
        <Field label="Reason" value={reason} onChange={setReason} isRequired />
        <Failures of={state.errors} />
        <div className="row">
          <Button type="submit" kind="danger" isDisabled={reason.trim() === ""} isPending={state.sending}>
            Withdraw
          </Button>
        </div>
      </form>
    </Card>
  );
}
