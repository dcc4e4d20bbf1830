import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWK, type JWTPayload } from "jose";
import { type Configuration, Provider } from "oidc-provider";

const CLIENT = { id: "console", secret: "a-secret-of-the-console-of-some-length" };
const CALLBACK = "http://127.0.0.1/callback";

export interface Person {
  readonly roles: readonly string[];
  readonly account?: string;
}

/**
 * An OpenID provider (oidc-provider) on loopback, with people who sign in by their names. Access tokens are JWTs for one API. A signing
 * key can be added, and one taken away, as in any rotation; it can be down.
 */
export async function startIdentityProvider(api: string, people: Readonly<Record<string, Person>>) {
  let listener: RequestListener = (_request, response) => response.writeHead(503).end();
  let fetches: string[] = [];
  const server = createServer((request, response) => {
    fetches.push(request.url ?? "");
    listener(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let provider: Provider;

  /** The first key signs. */
  function publish(keys: readonly JWK[]): void {
    provider = new Provider(issuer, configurationOf(api, people, keys));
    // Its notices are for those who set a real one up.
    provider.on("server_error", (_context, error) => console.error(error));
    const listen = provider.callback();
    listener = (request, response) => void listen(request, response);
  }
  const firstKey = await signingKey("key-1");
  publish([firstKey]);

  /** Posts to the token endpoint as the client. */
  async function tokens(parameters: Record<string, string>): Promise<{ access_token: string; id_token?: string }> {
    const authorization = `Basic ${Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString("base64")}`;
    const body = new URLSearchParams({ resource: api, ...parameters });
    const response = await fetch(`${issuer}/token`, { method: "POST", headers: { authorization }, body });
    if (response.status !== 200) throw new Error(await response.text());
    return (await response.json()) as { access_token: string; id_token?: string };
  }

  return {
    issuer,
    clientId: CLIENT.id,
    firstKey,
    publish,
    down(): void {
      listener = (_request, response) => response.writeHead(503).end();
    },
    /** What was asked for since the last look. */
    fetched(): string[] {
      const seen = fetches;
      fetches = [];
      return seen;
    },
    /** A machine's token: no person, and no code. */
    machine: async () => (await tokens({ grant_type: "client_credentials" })).access_token,
    /** Signs in by the authorization code flow, as a browser would: an access token for the API, and the ID token. */
    async signIn(name: string): Promise<{ accessToken: string; idToken: string }> {
      const query = new URLSearchParams({
        client_id: CLIENT.id,
        response_type: "code",
        scope: "openid",
        nonce: "a-nonce",
        redirect_uri: CALLBACK,
        resource: api,
      });
      const browser = createBrowser();
      const form = await browser.follow(`${issuer}/auth?${query}`);
      const code = new URL(
        await browser.follow(form, new URLSearchParams({ prompt: "login", login: name, password: "x" })),
      ).searchParams.get("code");
      const answer = await tokens({ grant_type: "authorization_code", code: code ?? "", redirect_uri: CALLBACK });
      return { accessToken: answer.access_token, idToken: answer.id_token ?? "" };
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export async function signingKey(kid: string, alg = "ES256"): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(privateKey)), kid, alg, use: "sig" };
}

function configurationOf(api: string, people: Readonly<Record<string, Person>>, keys: readonly JWK[]): Configuration {
  return {
    jwks: { keys: [...keys] },
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [CALLBACK],
        grant_types: ["authorization_code", "client_credentials"],
        id_token_signed_response_alg: "ES256",
      },
    ],
    cookies: { keys: ["a-key-for-cookies"] },
    ttl: { AccessToken: 600, ClientCredentials: 600, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({ accountId: oidc.session?.accountId ?? "", clientId: oidc.client?.clientId ?? "" });
      grant.addOIDCScope("openid");
      grant.addResourceScope(api, "ekm");
      await grant.save();
      return grant;
    },
    // A real provider keeps such claims with its users; this is where it puts them into the token.
    extraTokenClaims: (_context, token) => claimsOf("accountId" in token ? people[token.accountId ?? ""] : people["machine"]),
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: true },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: "ekm",
          audience: api,
          accessTokenTTL: 600,
          accessTokenFormat: "jwt",
          jwt: { sign: { alg: "ES256" } },
        }),
      },
    },
  };
}

const claimsOf = (person: Person | undefined): JWTPayload => ({
  "ekm:roles": person?.roles ?? [],
  ...(person?.account === undefined ? {} : { "ekm:account": person.account }),
});

/** Cookies and redirects, until a page is shown or it is sent to where nobody answers. */
function createBrowser() {
  const cookies = new Map<string, string>();
  return {
    async follow(url: string, body?: URLSearchParams): Promise<string> {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      const response = await fetch(url, { redirect: "manual", headers: { cookie }, ...(body ? { method: "POST", body } : {}) });
      for (const set of response.headers.getSetCookie()) {
        const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
        cookies.set(name, value);
      }
      await response.body?.cancel();
      const location = response.headers.get("location");
      if (response.status >= 400) throw new Error(`${url} answered ${response.status}`);
      if (location === null) return url;
      const next = new URL(location, url).href;
      return next.startsWith(CALLBACK) ? next : this.follow(next);
    },
  };
}
