import { createContext, createElement, type ReactElement, type ReactNode, useContext } from "react";
import { Provider } from "urql";
import type { EkmClient } from "../client/create-ekm-client.js";

const EkmContext = createContext<EkmClient | null>(null);

/** Gives the client to every hook below, urql's own included. */
export function EkmProvider({ client, children }: { readonly client: EkmClient; readonly children?: ReactNode }): ReactElement {
  return createElement(EkmContext.Provider, { value: client }, createElement(Provider, { value: client.urql }, children));
}

export function useEkmClient(): EkmClient {
  const client = useContext(EkmContext);
  if (client === null) throw new Error("There is no <EkmProvider client={...}> above this component.");
  return client;
}
