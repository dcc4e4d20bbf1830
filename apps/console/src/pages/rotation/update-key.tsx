import { type AccountSettingsFragment, type KeyCheckDetailsFragment, RotateEkmKeyDocument } from "@ekm/client";
import { useIntention } from "@ekm/client/react";
import { type FormEvent, useState } from "react";
import { useKeyValidation } from "../../reading/use-asking.js";
import { Button } from "../../ui/button.js";
import { Dialog } from "../../ui/dialog.js";
import { Failures } from "../../ui/failures.js";
import { Field } from "../../ui/field.js";
import { arnHint, isKeyArn } from "../../words/key-arn.js";
import { KeyChecks } from "../setup/key-checks.js";

interface Props {
  readonly account: AccountSettingsFragment;
  readonly onClose: () => void;
}

interface Checked {
  readonly arn: string;
  readonly usable: boolean;
  readonly checks: readonly KeyCheckDetailsFragment[];
}

/** First the new key is checked; then everything is brought under it. */
export function UpdateKey({ account, onClose }: Props) {
  const [arn, setArn] = useState("");
  const [checked, setChecked] = useState<Checked | null>(null);
  const [validating, validate] = useKeyValidation();
  const [rotating, rotate] = useIntention(RotateEkmKeyDocument);
  const keyArn = arn.trim();
  const isUsable = checked?.usable === true && checked.arn === keyArn;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!isKeyArn(arn)) return;
    if (isUsable) {
      const begun = await rotate({ accountId: account.id, keyArn });
      if (begun.ok) onClose();
      return;
    }
    setChecked(null);
    const result = await validate({ accountId: account.id, keyArn });
    if (result.ok) setChecked({ arn: keyArn, ...result.data });
  };
  return (
    <Dialog title="Update the key" onClose={onClose}>
      <form className="stack" onSubmit={submit} noValidate>
        <p>
          Give the new key the same policy as the present one, and keep the present one usable: every key generation is opened
          with it and wrapped under the new one. Backups are not encrypted anew.
        </p>
        <Field label="ARN of the new KMS key" value={arn} onChange={setArn} error={arnHint(arn)} code />
        <div className="row">
          <Button type="submit" kind="primary" isDisabled={!isKeyArn(arn)} isPending={validating.sending || rotating.sending}>
            {isUsable ? "Begin the update" : validating.sending ? "Checking …" : "Check the new key"}
          </Button>
          <Button onPress={onClose}>Leave it</Button>
        </div>
        <Failures of={[...validating.errors, ...rotating.errors]} />
        {validating.sending || checked !== null ? <KeyChecks checks={checked?.checks ?? null} /> : null}
      </form>
    </Dialog>
  );
}
