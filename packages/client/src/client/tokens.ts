import { TokenUnavailableError } from "../errors/request-failure.js";

/** Why a token is asked for. */
export interface TokenRequest {
  /** The token that the API has just refused: a new one is wanted, not this one from a cache. */
  readonly refused?: string;
}

/** Called for every request and connection: keep the token where it comes from, not here. */
export type TokenSource = (request: TokenRequest) => string | Promise<string>;

export async function takeToken(source: TokenSource, request: TokenRequest): Promise<string> {
  try {
    return await source(request);
  } catch (error) {
    throw new TokenUnavailableError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
