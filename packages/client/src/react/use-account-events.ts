import { useEffect, useRef, useState } from "react";
import type { AccountEvent, AccountEventHandlers } from "../client/create-ekm-client.js";
import type { RequestFailure } from "../errors/request-failure.js";
import { useEkmClient } from "./provider.js";

export interface UseAccountEventsOptions extends Pick<AccountEventHandlers, "gap"> {
  /** Absent: the caller's own. */
  readonly accountId?: string;
  readonly pause?: boolean;
  event?(event: AccountEvent): void;
}

export interface AccountEventsState {
  readonly latest: AccountEvent | null;
  /** False while a lost connection is being restored: what is on the screen may be old. */
  readonly connected: boolean;
  /** Set when it ended for good. */
  readonly failure: RequestFailure | null;
}

const NOTHING: AccountEventsState = { latest: null, connected: false, failure: null };

/** Listens as long as the component is there; resumes after a lost connection. The handlers may be other functions on each render. */
export function useAccountEvents({ accountId, pause = false, event, gap }: UseAccountEventsOptions = {}): AccountEventsState {
  const client = useEkmClient();
  const [state, setState] = useState(NOTHING);
  const handlers = useRef({ event, gap });
  useEffect(() => {
    handlers.current = { event, gap };
  });
  useEffect(() => {
    if (pause) return;
    setState(NOTHING);
    return client.onAccountEvents(accountId === undefined ? {} : { accountId }, {
      event(latest) {
        setState((before) => ({ ...before, latest, connected: true }));
        handlers.current.event?.(latest);
      },
      gap: () => handlers.current.gap?.(),
      connected: (connected) => setState((before) => ({ ...before, connected })),
      failed: (failure) => setState((before) => ({ ...before, connected: false, failure })),
    });
  }, [client, accountId, pause]);
  return state;
}
