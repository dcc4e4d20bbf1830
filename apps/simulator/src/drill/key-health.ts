import type { Session } from "../product/graphql.js";
import type { KeyHealthState } from "../product/types.js";
import { HarnessFailure } from "../runner/outcome.js";

/** What the product knows of the key, in its own words: times are milliseconds since 1970. */
export interface SeenHealth {
  readonly state: KeyHealthState;
  readonly code: string | undefined;
  readonly since: number;
  readonly lastUsableAt: number | undefined;
}

interface Answered {
  readonly account: {
    readonly ekm: {
      readonly key: {
        readonly health: {
          readonly state: KeyHealthState;
          readonly since: string;
          readonly lastUsableAt: string | null;
          readonly problem: { readonly code: string } | null;
        };
      } | null;
    } | null;
  } | null;
}

const QUERY = `query DrillHealth($id: ID) { account(id: $id) { ekm { key { health { state since lastUsableAt problem { code } } } } } }`;

/** Looks without asking the key: nothing is probed for it. */
export async function readHealth(admin: Session, accountId: string): Promise<SeenHealth> {
  const answer = await admin.request<Answered>("DrillHealth", QUERY, { id: accountId });
  if (!answer.ok) throw new HarnessFailure(`Reading the key's health failed: ${answer.error.code} ${answer.error.message}`);
  const health = answer.data.account?.ekm?.key?.health;
  if (!health) throw new HarnessFailure("The account has no customer key any more.");
  return {
    state: health.state,
    code: health.problem?.code,
    since: Date.parse(health.since),
    lastUsableAt: health.lastUsableAt === null ? undefined : Date.parse(health.lastUsableAt),
  };
}
