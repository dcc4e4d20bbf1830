import { CheckKeyHealthDocument, type EkmClient, type Result, ValidateKmsKeyDocument } from "@ekm/client";
import { type IntentionState, useEkmClient } from "@ekm/client/react";
import { useState } from "react";

/** For a mutation that only looks: it takes no idempotency key. */
function useAsking<Input, Data>(
  ask: (client: EkmClient, input: Input) => Promise<Result<Data>>,
): [IntentionState, (input: Input) => Promise<Result<Data>>] {
  const client = useEkmClient();
  const [state, setState] = useState<IntentionState>({ sending: false, errors: [] });
  const send = async (input: Input): Promise<Result<Data>> => {
    setState({ sending: true, errors: [] });
    const result = await ask(client, input);
    setState({ sending: false, errors: result.ok ? [] : result.errors });
    return result;
  };
  return [state, send];
}

export const useKeyValidation = () =>
  useAsking((client, input: { readonly accountId: string; readonly keyArn: string }) =>
    client.mutate(ValidateKmsKeyDocument, input),
  );

export const useHealthCheck = () =>
  useAsking((client, input: { readonly accountId: string }) => client.mutate(CheckKeyHealthDocument, input));
