import { type BackupDetailsFragment, StartRestoreDocument } from "@ekm/client";
import { useIntention } from "@ekm/client/react";
import { type FormEvent, useState } from "react";
import { useLocation } from "wouter";
import { Button } from "../../ui/button.js";
import { Dialog } from "../../ui/dialog.js";
import { Failures } from "../../ui/failures.js";
import { Field } from "../../ui/field.js";
import { Tick } from "../../ui/tick.js";
import { at } from "../../words/times.js";

export function StartRestore({ backup, onClose }: { readonly backup: BackupDetailsFragment; readonly onClose: () => void }) {
  const [target, setTarget] = useState("");
  const [overwrite, setOverwrite] = useState(false);
  const [state, start] = useIntention(StartRestoreDocument);
  const [, go] = useLocation();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const input = { backupId: backup.id, overwrite, ...(target.trim() === "" ? {} : { target: target.trim() }) };
    const result = await start(input);
    if (result.ok) go("/restores");
  };
  return (
    <Dialog title={`Restore ${backup.source.name}`} onClose={onClose}>
      <form className="stack" onSubmit={submit} noValidate>
        <p>As it was backed up {backup.finishedAt === null ? "" : `on ${at(backup.finishedAt)}`}.</p>
        <Field
          label="Target directory"
          description="Left empty: a new directory of its own. Otherwise one below your account's own root."
          value={target}
          onChange={setTarget}
          code
        />
        <Tick isSelected={overwrite} onChange={setOverwrite}>
          Overwrite files that are there
        </Tick>
        <Failures of={state.errors} />
        <div className="row">
          <Button type="submit" kind="primary" isPending={state.sending}>
            Start the restore
          </Button>
          <Button onPress={onClose}>Leave it</Button>
        </div>
      </form>
    </Dialog>
  );
}
