import { createSession, ProductUnreachable } from "../../product/graphql.js";
import type { Role } from "../../product/types.js";
import type { DevelopmentTokens } from "../../tokens/development-issuer.js";
import type { TokenFile } from "../../tokens/token-file.js";
import type { ProductDoor } from "./look.js";

const TOKEN_MS = 3_600_000;
const TIME_OUT_MS = 10_000;

/** To a product whose tokens can be signed here: every account that its support sees. */
export function doorByIssuer(gatewayUrl: string, issuer: DevelopmentTokens): ProductDoor {
  const tokens = new Map<string, { readonly token: Promise<string>; readonly until: number }>();
  const token = (role: Role, accountId?: string): Promise<string> => {
    const name = `${role} ${accountId ?? ""}`;
    const known = tokens.get(name);
    if (known && Date.now() < known.until) return known.token;
    const made = { token: issuer.token(role, accountId), until: Date.now() + TOKEN_MS };
    tokens.set(name, made);
    return made.token;
  };
  return {
    gatewayUrl,
    token,
    async accountIds() {
      const session = createSession(gatewayUrl, await token("SUPPORT"), () => AbortSignal.timeout(TIME_OUT_MS));
      const answer = await session.request<{ accounts: { nodes: readonly { readonly id: string }[] } }>(
        "PanelAccounts",
        "query PanelAccounts { accounts(first: 50) { nodes { id } } }",
        {},
      );
      if (!answer.ok) throw new ProductUnreachable(`The product does not list its accounts: ${answer.error.message}`);
      return answer.data.accounts.nodes.map(({ id }) => id);
    },
  };
}

/** To a product by a file of tokens: the accounts that it names. */
export function doorByFile(gatewayUrl: string, { accounts }: TokenFile): ProductDoor {
  return {
    gatewayUrl,
    accountIds: async () => Object.keys(accounts),
    token: async (role, accountId) => accounts[accountId]?.[role],
  };
}
