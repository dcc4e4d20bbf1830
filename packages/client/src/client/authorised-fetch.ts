import { type TokenSource, takeToken } from "./tokens.js";

export interface AuthorisedFetchOptions {
  readonly token: TokenSource;
  readonly fetch: typeof fetch;
  readonly timeoutMs: number;
}

/**
 * `fetch` with the caller's token, in time or not at all. A token that is refused (401: nothing was done) is replaced once and the request
 * sent again.
 */
export function createAuthorisedFetch({ token, fetch, timeoutMs }: AuthorisedFetchOptions): typeof fetch {
  return async (input, init = {}) => {
    const time = AbortSignal.timeout(timeoutMs);
    const signal = init.signal ? AbortSignal.any([init.signal, time]) : time;
    const send = (bearer: string) => {
      const headers = new Headers(init.headers);
      headers.set("authorization", `Bearer ${bearer}`);
      // A cross-site form cannot set it: the API refuses what could come from one.
      headers.set("apollo-require-preflight", "true");
      return fetch(input, { ...init, headers, signal });
    };
    const first = await takeToken(token, {});
    const response = await send(first);
    if (response.status !== 401) return response;
    await response.body?.cancel();
    return send(await takeToken(token, { refused: first }));
  };
}
