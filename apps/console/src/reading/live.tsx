import { useAccountEvents } from "@ekm/client/react";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef } from "react";

interface LiveState {
  /** Whether anybody listens to this account at all. */
  readonly listening: boolean;
  readonly connected: boolean;
  /** Called when something has changed, or may have. */
  onChange(listener: () => void): () => void;
}

const NOBODY: LiveState = { listening: false, connected: false, onChange: () => () => {} };
const LiveContext = createContext<LiveState>(NOBODY);

export const useLive = (): LiveState => useContext(LiveContext);

/** One subscription for everything that a page shows of an account. */
export function Live({ accountId, children }: { readonly accountId?: string; readonly children: ReactNode }) {
  const listeners = useRef(new Set<() => void>());
  const tell = useCallback(() => {
    for (const listener of listeners.current) listener();
  }, []);
  const { connected } = useAccountEvents({ event: tell, gap: tell, ...(accountId === undefined ? {} : { accountId }) });
  // What changed between the first reading and the beginning of the subscription was told to nobody.
  useEffect(() => {
    if (connected) tell();
  }, [connected, tell]);
  const onChange = useCallback((listener: () => void) => {
    listeners.current.add(listener);
    return () => void listeners.current.delete(listener);
  }, []);
  const state = useMemo(() => ({ listening: true, connected, onChange }), [connected, onChange]);
  return <LiveContext value={state}>{children}</LiveContext>;
}
