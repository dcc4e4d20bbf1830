import { type AccountSettingsFragment, LockAccountKeysDocument, UnlockAccountKeysDocument } from "@ekm/client";
import { useIntention } from "@ekm/client/react";
import { type FormEvent, useState } from "react";
import { Button } from "../../ui/button.js";
import { Dialog } from "../../ui/dialog.js";
import { Failures } from "../../ui/failures.js";
import { Field } from "../../ui/field.js";

interface Props {
  readonly account: AccountSettingsFragment;
  readonly onClose: () => void;
}

const LOCK = {
  document: LockAccountKeysDocument,
  title: "Lock this account's keys",
  words: "Backups and restores stop and new ones are refused until an admin unlocks them. Nothing is lost.",
  press: "Lock keys",
} as const;
const UNLOCK = {
  document: UnlockAccountKeysDocument,
  title: "Unlock this account's keys",
  words: "Backups and restores can use the key again. Jobs that failed are not started anew.",
  press: "Unlock keys",
} as const;

export const LockKeys = (props: Props) => <WithReason {...props} {...LOCK} />;
export const UnlockKeys = (props: Props) => <WithReason {...props} {...UNLOCK} />;

type Kind = typeof LOCK | typeof UNLOCK;

function WithReason({ account, onClose, document, title, words, press }: Props & Kind) {
  const [reason, setReason] = useState("");
  const [state, send] = useIntention<object, { input: { accountId?: string | null; reason: string } }>(document);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const result = await send({ accountId: account.id, reason: reason.trim() });
    if (result.ok) onClose();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="stack" onSubmit={submit} noValidate>
        <p>{words}</p>
        <Field label="Reason" description="It stands in the audit log." value={reason} onChange={setReason} isRequired />
        <Failures of={state.errors} />
        <div className="row">
          <Button
            type="submit"
            kind={press === "Lock keys" ? "danger" : "primary"}
            isDisabled={reason.trim() === ""}
            isPending={state.sending}
          >
            {press}
          </Button>
          <Button onPress={onClose}>Leave it</Button>
        </div>
      </form>
    </Dialog>
  );
}
