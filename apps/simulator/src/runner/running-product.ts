import { randomBytes } from "node:crypto";
import { join, resolve } from "node:path";
import { createSimulatorClient } from "@ekm/mock-aws";
import { type Experiment, stepsOf } from "../experiments/schema.js";
import { accepted } from "../product/accepted.js";
import { activateEkm, createAccount, readVendor, withdrawEkmActivation } from "../product/accounts.js";
import { createSession } from "../product/graphql.js";
import type { TokenSource } from "../tokens/token-source.js";
import { reachOf } from "./steps/registry.js";
import type { Target } from "./target.js";
import type { TargetSource } from "./target-source.js";

export interface RunningProductOptions {
  readonly gatewayUrl: string;
  readonly endpoint: string;
  /** Under one of the service's allowed roots; `{account}` in it stands for an account's id. */
  readonly dataRoot: string;
  readonly tokens: TokenSource;
  /** Tokens for accounts that an experiment creates can be had. */
  readonly canSign: boolean;
  readonly signal: AbortSignal;
}

/** What a product that is up was started with cannot be asked; this is the default. */
const HEALTH_INTERVAL_MS = 60_000;

/** A product that somebody else has started. What it is bound to is asked of itself, through an account made for that. */
export async function runningProduct(options: RunningProductOptions): Promise<TargetSource> {
  const { gatewayUrl, endpoint, tokens } = options;
  const own = (accountId: string, what: string): string => {
    const root = resolve(options.dataRoot.replaceAll("{account}", accountId));
    return join(root, "ekm-sim", what, accountId);
  };
  const { leaseMs, ...vendor } = await askTheProduct(options);
  const target: Target = {
    gatewayUrl,
    tokens,
    vendor,
    awsEndpoint: endpoint,
    control: createSimulatorClient(endpoint),
    spans: { leaseMs, healthIntervalMs: HEALTH_INTERVAL_MS },
    sources: (accountId) => own(accountId, "sources"),
    restores: (accountId) => own(accountId, "restores"),
  };
  return {
    async acquire(experiment) {
      const reason = unsuitable(experiment, leaseMs, options.canSign);
      return reason === undefined ? { kind: "target", target, release: async () => {} } : { kind: "unsuitable", reason };
    },
    close: async () => {},
  };
}

function unsuitable(experiment: Experiment, leaseMs: number, canSign: boolean): string | undefined {
  if (experiment.isolation === "stack" || stepsOf(experiment).some((step) => reachOf(step) !== "account"))
    return "needs a stack of its own: run it without --gateway";
  if (!canSign && Object.keys(experiment.given.accounts).length > 0)
    return "creates an account, and tokens for it take --token-key";
  const madeFor = experiment.given.product.leaseSeconds * 1000;
  // With a longer lease the job may rightly be done before its key is asked again.
  return experiment.tags.includes("in-flight") && leaseMs > madeFor
    ? `is made for a key lease of ${madeFor / 1000} s; this product's is ${leaseMs / 1000} s`
    : undefined;
}

async function askTheProduct({ gatewayUrl, tokens, signal }: RunningProductOptions) {
  const token = await tokens.token("SUPPORT");
  if (token === undefined) throw new Error("the token file has no token of SUPPORT");
  const support = createSession(gatewayUrl, token, () => signal);
  const name = `ekm-sim-${randomBytes(3).toString("hex")}`;
  const accountId = accepted("createAccount", await createAccount(support, { name })).account?.id ?? "";
  accepted("activateEkm", await activateEkm(support, { accountId }));
  const answer = await readVendor(support, accountId);
  accepted(
    "withdrawEkmActivation",
    await withdrawEkmActivation(support, { accountId, reason: "Made to ask for the vendor's principal" }),
  );
  const ekm = answer.ok ? answer.data.account?.ekm : null;
  if (!ekm) throw new Error("the product does not show its principal to support");
  return {
    accountId: ekm.vendorAwsAccountId,
    principalArn: ekm.vendorPrincipalArn,
    leaseMs: (ekm.revocationWindowSeconds - 1) * 1000,
  };
}
