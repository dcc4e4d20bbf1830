import { GraphQLError } from "graphql";
import type { KnownErrorCode } from "../../generated/vocabulary.js";
import { checksWith } from "../preflight.js";
import { userError } from "../problems.js";
import type { World } from "../world.js";

export type Payload = Readonly<Record<string, unknown>> & { readonly userErrors: readonly unknown[] };

/** What a refused mutation answers; the fields that cannot be null are there as well. */
export const refused = (code: KnownErrorCode, field?: readonly string[], checks: readonly unknown[] = []): Payload => ({
  checks,
  usable: false,
  userErrors: [userError(code, field)],
});

export const done = (payload: Readonly<Record<string, unknown>>): Payload => ({ checks: [], ...payload, userErrors: [] });

const OPERATORS: ReadonlySet<string> = new Set(["startBackup", "startRestore", "startVerification", "cancelJob"]);

const mayCall = ({ caller: { roles } }: World, name: string): boolean =>
  roles.includes("ACCOUNT_ADMIN") || roles.includes("SUPPORT") || (roles.includes("BACKUP_OPERATOR") && OPERATORS.has(name));

interface Sent {
  readonly input: string;
  readonly payload: Payload;
}

/**
 * What all mutations have in common: the state may refuse everything, and a repetition under the same idempotency key has no second effect.
 */
export function createMutations(world: World) {
  const sent = new Map<string, Sent>();
  return <Input extends object>(name: string, run: (input: Input) => Payload) =>
    ({ input }: { readonly input: Input & { readonly idempotencyKey?: string | null } }): Payload => {
      if (!mayCall(world, name)) throw new GraphQLError("Your role does not allow this.", { extensions: { code: "FORBIDDEN" } });
      if (world.refusal !== null) return refused(world.refusal, undefined, checksWith(world.refusal, "FAIL"));
      const { idempotencyKey, ...rest } = input;
      const text = JSON.stringify(rest);
      const key = `${name} ${idempotencyKey}`;
      const before = idempotencyKey == null ? undefined : sent.get(key);
      // A secret is said once.
      if (before?.input === text) return "secret" in before.payload ? { ...before.payload, secret: null } : before.payload;
      if (before !== undefined) return refused("IDEMPOTENCY_KEY_REUSED");
      const payload = run(rest as Input);
      if (idempotencyKey != null) sent.set(key, { input: text, payload });
      return payload;
    };
}

export type DefineMutation = ReturnType<typeof createMutations>;
