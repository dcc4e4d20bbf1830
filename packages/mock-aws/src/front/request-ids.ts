import { randomUUID } from "node:crypto";

const PREFIX_LENGTH = 24;

/** Ids of requests in the form of a UUID: the begin is this process's own, the end counts. */
export function createRequestIds(): () => string {
  const prefix = randomUUID().slice(0, PREFIX_LENGTH);
  let count = 0;
  return () => {
    count += 1;
    return prefix + count.toString(16).padStart(12, "0");
  };
}
