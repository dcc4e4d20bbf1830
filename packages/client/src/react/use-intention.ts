import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { useCallback, useMemo, useState } from "react";
import type { InputOf } from "../client/create-ekm-client.js";
import type { Done, Failure, Result } from "../errors/settle.js";
import type { Intention } from "../intentions/intention.js";
import { useEkmClient } from "./provider.js";

export interface IntentionState {
  readonly sending: boolean;
  /** Of the last attempt; empty while it is under way and when it was done. */
  readonly errors: readonly Failure[];
}

/**
 * A mutation as one intention of the user's: pressed twice, or again after a time-out, it has one effect.
 * `const [enabling, enable] = useIntention(EnableEkmDocument)`.
 */
export function useIntention<Data extends object, Variables extends { readonly [name: string]: unknown }>(
  document: TypedDocumentNode<Data, Variables>,
): [IntentionState, Intention<InputOf<Variables>, Done<Data>>["send"]] {
  const client = useEkmClient();
  const intention = useMemo(() => client.intention(document), [client, document]);
  const [state, setState] = useState<IntentionState>({ sending: false, errors: [] });
  const send = useCallback(
    async (input: Omit<InputOf<Variables>, "idempotencyKey">): Promise<Result<Done<Data>>> => {
      setState({ sending: true, errors: [] });
      const result = await intention.send(input);
      setState({ sending: false, errors: result.ok ? [] : result.errors });
      return result;
    },
    [intention],
  );
  return [state, send];
}
