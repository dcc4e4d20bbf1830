const BEARER = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i;

/** The token; undefined without an Authorization header; null when the header is not a bearer token. */
export const bearerToken = (authorization: string | undefined): string | null | undefined =>
  authorization === undefined ? undefined : (BEARER.exec(authorization)?.[1] ?? null);
