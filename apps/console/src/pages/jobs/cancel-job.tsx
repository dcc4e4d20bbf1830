import { CancelJobDocument } from "@ekm/client";
import { useIntention } from "@ekm/client/react";
import { Button } from "../../ui/button.js";
import { Failures } from "../../ui/failures.js";

export function CancelJob({ id, what }: { readonly id: string; readonly what: string }) {
  const [state, cancel] = useIntention(CancelJobDocument);
  return (
    <>
      <Button small kind="danger" onPress={() => cancel({ jobId: id })} isPending={state.sending} aria-label={`Cancel ${what}`}>
        Cancel
      </Button>
      <Failures of={state.errors} />
    </>
  );
}
