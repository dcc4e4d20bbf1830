import { type RequestFailure, requestFailureOf } from "@ekm/client";
import { useCallback, useEffect, useRef } from "react";
import type { AnyVariables, UseQueryResponse } from "urql";
import { useLive } from "./live.js";

/** A query as a page shows it: what was read last stays, whatever becomes of the next reading. */
export interface Reading<Data> {
  readonly data: Data | undefined;
  /** Of the last attempt. With data: they are old. */
  readonly failure: RequestFailure | null;
  readonly fetching: boolean;
  readonly readAt: Date | null;
  again(): void;
}

const WITHOUT_EVENTS_MS = 10_000;

interface Options<Data> {
  /** Read again so often, as long as this is so: for what goes on without events, such as progress. */
  readonly everyMs?: (data: Data) => number | null;
}

/** Reads again on every event of the account, and by the clock while events cannot be heard. */
export function useReading<Data, Variables extends AnyVariables>(
  [{ data, error, fetching }, reload]: UseQueryResponse<Data, Variables>,
  { everyMs }: Options<Data> = {},
): Reading<Data> {
  const live = useLive();
  const last = useRef<{ data: Data; at: Date } | null>(null);
  if (data !== undefined && data !== last.current?.data) last.current = { data, at: new Date() };
  const kept = last.current;
  const again = useCallback(() => reload({ requestPolicy: "network-only" }), [reload]);
  useEffect(() => live.onChange(again), [live, again]);

  const asked = kept === null ? null : (everyMs?.(kept.data) ?? null);
  const pace = asked ?? (live.listening && !live.connected ? WITHOUT_EVENTS_MS : null);
  useEffect(() => {
    if (pace === null) return;
    const timer = setInterval(again, pace);
    return () => clearInterval(timer);
  }, [again, pace]);

  return {
    data: kept?.data,
    failure: error === undefined ? null : requestFailureOf(error),
    fetching,
    readAt: kept?.at ?? null,
    again,
  };
}
