import { EFFECT_NAMES, type FaultRule, parseFaultRules, type RuleEffect } from "@ekm/faults";
import { createSimulatorClient } from "@ekm/mock-aws";
import { Command, InvalidArgumentError, Option } from "commander";
import { parseDuration } from "../experiments/duration.js";
import { UsageError } from "./exit-status.js";
import { endpointOption, wholeNumber } from "./options.js";

interface AddOptions {
  readonly endpoint: string;
  readonly rule?: string;
  readonly operation?: string;
  readonly key?: string;
  readonly owner?: string;
  readonly caller?: string;
  readonly region?: string;
  readonly error?: string;
  readonly status?: number;
  readonly message?: string;
  readonly effect?: RuleEffect;
  readonly probability?: number;
  readonly latency?: number;
  readonly jitter?: number;
  readonly count?: number;
  readonly lasts?: number;
}

export function faultCommand(): Command {
  const fault = new Command("fault").description("fault rules of a running simulator");
  fault
    .command("list")
    .description("the rules in force")
    .addOption(endpointOption())
    .action(async ({ endpoint }: AddOptions) => print(await createSimulatorClient(endpoint).faults.list()));
  fault
    .command("clear")
    .description("take every rule off")
    .addOption(endpointOption())
    .action(async ({ endpoint }: AddOptions) => print(await createSimulatorClient(endpoint).faults.clear()));
  fault
    .command("add")
    .description("add a rule: calls that match every condition given fail as it says")
    .addOption(endpointOption())
    .option("--rule <json>", "the whole rule in the shape of the chaos interface, instead of the options below")
    .option("--operation <name>", "a KMS operation, such as Decrypt")
    .option("--key <arn>", "calls on this key")
    .option("--owner <account>", "calls on keys of this AWS account")
    .option("--caller <account>", "calls by this AWS account")
    .option("--region <region>", "calls in this Region")
    .option("--error <name>", "the AWS error to answer, such as ThrottlingException")
    .option("--status <code>", "its HTTP status", wholeNumber(400, 599), 400)
    .option("--message <text>", "its message")
    .addOption(new Option("--effect <effect>", "what happens instead of an error").choices(EFFECT_NAMES))
    .option("--probability <p>", "0 to 1", probability)
    .option("--latency <duration>", "answer this much later, such as 300ms", duration)
    .option("--jitter <duration>", "and up to this much more", duration)
    .option("--count <n>", "how often it may happen", wholeNumber(1, 1_000_000))
    .option("--lasts <duration>", "how long the rule is in force, such as 10s", duration)
    .action(async (options: AddOptions) => print(await createSimulatorClient(options.endpoint).faults.add(rulesOf(options))));
  return fault;
}

function rulesOf(options: AddOptions): readonly FaultRule[] {
  const { operation, region, effect, probability, count, rule, error, status, message } = options;
  const given: unknown = rule === undefined ? undefined : parseJson(rule);
  const fromOptions = {
    service: "kms",
    operation,
    region,
    effect,
    probability,
    count,
    keyArn: options.key,
    accountId: options.owner,
    callerAccountId: options.caller,
    error: error === undefined ? undefined : { statusCode: status ?? 400, code: error, message },
    latencyMs: options.latency,
    jitterMs: options.jitter,
    durationMs: options.lasts,
  };
  // Through JSON: fields that were not given are absent, as on the wire.
  const wanted: unknown = given ?? JSON.parse(JSON.stringify(fromOptions));
  const parsed = parseFaultRules(Array.isArray(wanted) ? wanted : [wanted]);
  if (!parsed.ok) throw new UsageError(parsed.problems.join("\n"));
  return parsed.rules;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`--rule is not JSON: ${error instanceof Error ? error.message : error}`);
  }
}

function probability(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError("must be a number from 0 to 1.");
}

function duration(text: string): number {
  const value = parseDuration(text);
  if (value !== undefined) return value;
  throw new InvalidArgumentError("must be a duration such as 300ms or 10s.");
}

function print(rules: readonly FaultRule[]): void {
  console.log(JSON.stringify(rules, null, 2));
}
