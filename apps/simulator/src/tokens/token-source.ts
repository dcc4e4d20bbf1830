import type { Role } from "../product/types.js";

/** Where the runner gets a caller's token. */
export interface TokenSource {
  /** `accountId` is absent for SUPPORT. Undefined: this source has none for that caller. */
  token(role: Role, accountId?: string): Promise<string | undefined>;
}
