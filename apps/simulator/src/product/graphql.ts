/** A top-level error: the request itself was not accepted. Expected outcomes of the domain are never here. */
export interface RequestError {
  readonly code: string;
  readonly message: string;
  readonly requestId?: string;
}
export type Answer<T> = { readonly ok: true; readonly data: T } | { readonly ok: false; readonly error: RequestError };

/** The gateway could not be reached, or what came back was no GraphQL answer. */
export class ProductUnreachable extends Error {
  override readonly name = "ProductUnreachable";
}

/** One caller's way to the gateway: the token decides role and account. */
export interface Session {
  request<T>(operationName: string, document: string, variables: Record<string, unknown>): Promise<Answer<T>>;
}

const REQUEST_TIMEOUT_MS = 30_000;

/** `signal` is asked at each request: it is another one while an experiment is rolled back. */
export function createSession(gatewayUrl: string, token: string, currentSignal: () => AbortSignal): Session {
  return {
    async request<T>(operationName: string, document: string, variables: Record<string, unknown>): Promise<Answer<T>> {
      const signal = currentSignal();
      signal.throwIfAborted();
      const body = await post(gatewayUrl, token, JSON.stringify({ operationName, query: document, variables }), signal);
      const [error] = body.errors ?? [];
      if (error) {
        const { code, requestId } = error.extensions ?? {};
        return {
          ok: false,
          error: { code: code ?? "UNKNOWN", message: error.message, ...(requestId === undefined ? {} : { requestId }) },
        };
      }
      if (!body.data) throw new ProductUnreachable(`${operationName}: the gateway answered neither data nor errors.`);
      return { ok: true, data: body.data as T };
    },
  };
}

interface Body {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { code?: string; requestId?: string } }[];
}

async function post(gatewayUrl: string, token: string, body: string, signal: AbortSignal): Promise<Body> {
  try {
    const response = await fetch(new URL("/graphql", gatewayUrl), {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
    });
    return (await response.json()) as Body;
  } catch (error) {
    signal.throwIfAborted();
    const cause = error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error);
    throw new ProductUnreachable(`The gateway at ${gatewayUrl} gave no answer: ${cause}`);
  }
}
