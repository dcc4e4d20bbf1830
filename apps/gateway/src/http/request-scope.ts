import { AsyncLocalStorage } from "node:async_hooks";

/** Carries the request's id to where errors are formatted, which Apollo tells nothing of the request. */
export const requestScope = new AsyncLocalStorage<{ readonly requestId: string }>();
