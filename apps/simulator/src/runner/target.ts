import { join } from "node:path";
import type { SimulatorControl } from "@ekm/mock-aws";
import type { SpanValues } from "../experiments/moment.js";
import type { Stack, Vendor } from "../stack/stack.js";
import type { TokenSource } from "../tokens/token-source.js";

/** The product and the AWS that an experiment is run against. */
export interface Target {
  readonly gatewayUrl: string;
  readonly tokens: TokenSource;
  readonly vendor: Vendor;
  readonly awsEndpoint: string;
  readonly control: SimulatorControl;
  readonly spans: SpanValues;
  /** Directories under the service's allowed roots that are the runner's, for an account. */
  sources(accountId: string): string;
  restores(accountId: string): string;
  /** The object store's directory, where no other experiment writes to it. */
  readonly objects?: string;
  /** The runner's own stack; absent when the product was started by somebody else. */
  readonly stack?: Stack;
}

export function targetOfStack(stack: Stack, isShared: boolean): Target {
  return {
    gatewayUrl: stack.gatewayUrl,
    tokens: stack.tokens,
    vendor: stack.vendor,
    awsEndpoint: stack.aws.url,
    control: stack.aws.simulator,
    spans: stack.spans,
    sources: (accountId) => join(stack.layout.sources, accountId),
    restores: (accountId) => join(stack.layout.restores, accountId),
    ...(isShared ? {} : { objects: stack.layout.objects }),
    stack,
  };
}
