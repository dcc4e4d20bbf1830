const BEARER = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i;

/** What the explorer sends until a token is typed in. */
const NO_TOKEN_YET = /^Bearer *$/i;

/** The token; undefined without an Authorization header, or with one that is still empty; null when the header is not a bearer token. */
export const bearerToken = (authorization: string | undefined): string | null | undefined =>
  authorization === undefined || NO_TOKEN_YET.test(authorization) ? undefined : (BEARER.exec(authorization)?.[1] ?? null);
