import { type KnownBackupSourceKind, RegisterBackupSourceDocument } from "@ekm/client";
import { useIntention } from "@ekm/client/react";
import { type FormEvent, useState } from "react";
import { Button } from "../../ui/button.js";
import { Choice, type Option } from "../../ui/choice.js";
import { Dialog } from "../../ui/dialog.js";
import { Failures } from "../../ui/failures.js";
import { Field } from "../../ui/field.js";

const KINDS: readonly Option[] = [
  { id: "SALESFORCE_EXPORT", name: "Salesforce export" },
  { id: "DIRECTORY", name: "Directory" },
];

export function RegisterSource({ accountId, onClose }: { readonly accountId: string; readonly onClose: () => void }) {
  const [name, setName] = useState("");
  const [kind, setKind] = useState("SALESFORCE_EXPORT");
  const [location, setLocation] = useState("");
  const [state, register] = useIntention(RegisterBackupSourceDocument);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const result = await register({
      accountId,
      name: name.trim(),
      kind: kind as KnownBackupSourceKind,
      location: location.trim(),
    });
    if (result.ok) onClose();
  };
  return (
    <Dialog title="Add a source" onClose={onClose}>
      <form className="stack" onSubmit={submit} noValidate>
        <Field label="Name" value={name} onChange={setName} isRequired />
        <Choice label="Kind" options={KINDS} value={kind} onChange={setKind} />
        <Field
          label="Where it is"
          description="A directory on the backup server, below your account's own root."
          value={location}
          onChange={setLocation}
          isRequired
          code
        />
        <Failures of={state.errors} />
        <div className="row">
          <Button
            type="submit"
            kind="primary"
            isDisabled={name.trim() === "" || location.trim() === ""}
            isPending={state.sending}
          >
            Add the source
          </Button>
          <Button onPress={onClose}>Leave it</Button>
        </div>
      </form>
    </Dialog>
  );
}
