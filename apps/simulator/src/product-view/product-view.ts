import { createSession, ProductUnreachable } from "../product/graphql.js";
import type { TokenFile } from "../tokens/token-file.js";

/** What the product makes of its accounts' keys, each seen by the account's own admin. */
export interface ProductView {
  readonly gateway: string;
  readonly at: string;
  readonly accounts: readonly AccountView[];
}
type AccountView = { readonly id: string; readonly account: unknown } | { readonly id: string; readonly error: string };

const QUERY = `query ProductView($id: ID) { account(id: $id) { id name keyManagement keyLock { lockedAt reason }
  ekm { status revocationWindowSeconds activeRotation { id status rewrapped total }
    key { arn awsAccountId region health { state since checkedAt lastUsableAt problem { code message remedy possibleCauses retryable } } } }
  backups(first: 3) { nodes { id status startedAt finishedAt restorable problem { code } } }
  restores(first: 3) { nodes { id status startedAt finishedAt problem { code } } } } }`;
/** Whoever looks more often is shown the same. */
const FRESH_MS = 1_000;
const TIME_OUT_MS = 5_000;

/** Answers the view of the accounts that the token file names. An account that cannot be read says why; no token is ever shown. */
export function productView(gateway: string, tokens: TokenFile): () => Promise<ProductView> {
  let last: { readonly at: number; readonly view: Promise<ProductView> } | undefined;
  return () => {
    const now = Date.now();
    if (!last || now - last.at >= FRESH_MS) last = { at: now, view: look(gateway, tokens) };
    return last.view;
  };
}

async function look(gateway: string, tokens: TokenFile): Promise<ProductView> {
  const signal = AbortSignal.timeout(TIME_OUT_MS);
  const accounts = Object.entries(tokens.accounts).map(async ([id, roles]): Promise<AccountView> => {
    const token = roles["ACCOUNT_ADMIN"] ?? roles["ACCOUNT_VIEWER"];
    if (token === undefined) return { id, error: "the token file has no token of its admin or viewer" };
    try {
      const answer = await createSession(gateway, token, () => signal).request<{ account: unknown }>("ProductView", QUERY, {
        id,
      });
      return answer.ok ? { id, account: answer.data.account } : { id, error: `${answer.error.code}: ${answer.error.message}` };
    } catch (error) {
      if (error instanceof ProductUnreachable || signal.aborted) return { id, error: "the gateway gave no answer" };
      throw error;
    }
  });
  return { gateway, at: new Date().toISOString(), accounts: await Promise.all(accounts) };
}
