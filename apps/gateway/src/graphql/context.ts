import type { Caller, EventFeed, Queries, UseCases } from "@ekm/ekm";

/** What resolvers may use: the use cases and their queries, who asks, and the limits of this process. */
export interface GraphQLContext {
  readonly caller: Caller;
  readonly useCases: UseCases;
  /** Queries for one request that changes nothing: each thing is read once. */
  readonly queriesOnce: () => Queries;
  /** Queries for one mutation or subscription: each answer is read anew. */
  readonly queriesAnew: () => Queries;
  readonly events: EventFeed;
  readonly vendor: VendorIdentity;
  readonly settings: { readonly leaseSeconds: number };
  readonly now: () => Date;
  /** Throws RATE_LIMITED when the caller's account has used up its probes of keys. */
  readonly takeProbe: () => void;
}

export interface VendorIdentity {
  readonly awsAccountId: string;
  readonly principalArn: string;
  /** Keys are used under sessions that are tagged with the account: a key policy may require that. */
  readonly sessionPerAccount?: boolean;
}

/** Sent no token. May introspect, where that is allowed, and nothing else. */
export const ANONYMOUS: Caller = { subject: "anonymous", roles: [] };
