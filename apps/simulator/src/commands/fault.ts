import { readFile } from "node:fs/promises";
import { EFFECT_NAMES, type FaultRule, parseFaultRules, type RuleEffect } from "@ekm/faults";
import { createSimulatorClient } from "@ekm/mock-aws";
import { Command, InvalidArgumentError, Option } from "commander";
import { formatDuration } from "../experiments/duration.js";
import { examples } from "./examples.js";
import { UsageError } from "./exit-status.js";
import { duration, endpointOption, wholeNumber } from "./options.js";
import { formatTable } from "./print-table.js";

interface Options {
  readonly endpoint: string;
  readonly json?: boolean;
}
interface RuleOptions {
  readonly service?: string;
  readonly region?: string;
  readonly operation?: string;
  readonly probability?: number;
  readonly error?: string;
  readonly status?: number;
  readonly message?: string;
  readonly key?: string;
  readonly owner?: string;
  readonly caller?: string;
  readonly latency?: number;
  readonly jitter?: number;
  readonly count?: number;
  readonly lasts?: number;
  readonly effect?: RuleEffect;
}
interface AddOptions extends Options, RuleOptions {
  readonly rule?: string;
  readonly file?: string;
}

const accountId = (text: string): string => {
  if (/^\d{12}$/.test(text)) return text;
  throw new InvalidArgumentError("must be the 12 digits of an AWS account.");
};

export function faultCommand(): Command {
  const fault = new Command("fault").description("fault rules of a running simulator: what goes wrong between a caller and KMS");
  fault
    .command("list")
    .description("the rules in force, in order: the first that matches and fires decides")
    .addOption(endpointOption())
    .addOption(jsonOption())
    .addHelpText("after", examples("ekm-sim fault list --json > rules.json"))
    .action(async ({ endpoint, json }: Options) => print(await createSimulatorClient(endpoint).faults.list(), json));
  fault
    .command("clear")
    .description("take every rule off")
    .addOption(endpointOption())
    .addOption(jsonOption())
    .addHelpText("after", examples("ekm-sim fault clear"))
    .action(async ({ endpoint, json }: Options) => print(await createSimulatorClient(endpoint).faults.clear(), json));
  fault
    .command("add")
    .description(
      "add a rule: calls that match every condition given fail as it says\n" +
        "With no effect and no error, a latency alone slows calls down; with nothing else the answer is 503 ServiceUnavailable.",
    )
    .addOption(endpointOption())
    .addOption(jsonOption())
    .option("--service <name>", "calls of this service, kms or sts (default: kms)")
    .option("--region <region>", "calls in this Region")
    .option("--operation <name>", "calls of this operation, such as Decrypt")
    .option("--key <arn>", "calls on this key (keyArn)")
    .option("--owner <account>", "calls on keys of this AWS account (accountId)", accountId)
    .option("--caller <account>", "calls by this AWS account (callerAccountId)", accountId)
    .option("--probability <p>", "0 to 1 (default: 1)", probability)
    .option("--error <code>", "the AWS error to answer, such as ThrottlingException (error.code)")
    .option("--status <code>", "with --error: its HTTP status (default: 400)", wholeNumber(400, 599))
    .option("--message <text>", "with --error: its message")
    .addOption(new Option("--effect <effect>", "what happens instead of an error").choices(EFFECT_NAMES))
    .option("--latency <duration>", "answer this much later, such as 300ms (latencyMs)", duration)
    .option("--jitter <duration>", "and up to this much more (jitterMs)", duration)
    .option("--count <n>", "how often it may happen (default: without end)", wholeNumber(1, 1_000_000))
    .option(
      "--lasts <duration>",
      "how long the rule is in force, such as 10s (durationMs; default: until it is taken off)",
      duration,
    )
    .option("--rule <json>", "instead of the options above: a rule, or an array of rules, as LocalStack's Chaos API takes them")
    .option("--file <file>", "the same from a file; - reads standard input")
    .addHelpText(
      "after",
      examples(
        "ekm-sim fault add --operation Decrypt --error ThrottlingException --lasts 10s",
        "ekm-sim fault add --key arn:aws:kms:us-east-1:111122223333:key/1 --effect black-hole --count 3",
        "ekm-sim fault add --latency 300ms --jitter 200ms --probability 0.2",
        'ekm-sim fault add --rule \'[{"service":"kms","error":{"statusCode":500,"code":"KMSInternalException"}}]\'',
        "ekm-sim fault add --file rules.json",
      ),
    )
    .action(async (options: AddOptions) =>
      print(await createSimulatorClient(options.endpoint).faults.add(await rulesOf(options)), options.json),
    );
  return fault;
}

const jsonOption = (): Option => new Option("--json", "for programs: the rules in force, in the shape of the chaos interface");

async function rulesOf({ endpoint: _, json: __, rule, file, ...options }: AddOptions): Promise<readonly FaultRule[]> {
  const flags = Object.keys(options).length > 0;
  if ([rule !== undefined, file !== undefined, flags].filter(Boolean).length > 1)
    throw new UsageError("A rule comes from --rule, from --file or from the other options, not from two of these.");
  const wanted =
    rule !== undefined ? parseJson("--rule", rule) : file !== undefined ? parseJson(file, await read(file)) : ruleOf(options);
  const parsed = parseFaultRules(Array.isArray(wanted) ? wanted : [wanted]);
  if (!parsed.ok) throw new UsageError(parsed.problems.join("\n"));
  return parsed.rules;
}

function ruleOf(options: RuleOptions): unknown {
  const { service = "kms", region, operation, probability, effect, count, error, status = 400, message } = options;
  if (error === undefined && (options.status !== undefined || message !== undefined))
    throw new UsageError("--status and --message belong to an --error.");
  const rule = {
    service,
    region,
    operation,
    probability,
    effect,
    count,
    keyArn: options.key,
    accountId: options.owner,
    callerAccountId: options.caller,
    error: error === undefined ? undefined : { statusCode: status, code: error, message },
    latencyMs: options.latency,
    jitterMs: options.jitter,
    durationMs: options.lasts,
  };
  // Through JSON: fields that were not given are absent, as on the wire.
  return JSON.parse(JSON.stringify(rule));
}

async function read(file: string): Promise<string> {
  return readFile(file === "-" ? "/dev/stdin" : file, "utf8").catch((error: Error) => {
    throw new UsageError(`--file cannot be read: ${error.message}`);
  });
}

function parseJson(from: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${from} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
}

function probability(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError("must be a number from 0 to 1.");
}

function print(rules: readonly FaultRule[], json: boolean | undefined): void {
  console.log(json ? JSON.stringify(rules, null, 2) : inWords(rules));
}

function inWords(rules: readonly FaultRule[]): string {
  if (rules.length === 0) return "No rule is in force.";
  const rows = rules.map((rule, index) => [String(index + 1), callsOf(rule), whatOf(rule), howLongOf(rule)]);
  return formatTable(["#", "calls", "what happens", "how often, how long"], rows);
}

function callsOf({ service, region, operation, keyArn, accountId: owner, callerAccountId }: FaultRule): string {
  const parts = [
    [service, operation].filter(Boolean).join(":"),
    keyArn && `on ${keyArn}`,
    owner && `on keys of ${owner}`,
    callerAccountId && `by ${callerAccountId}`,
    region && `in ${region}`,
  ];
  return parts.filter(Boolean).join(" ") || "every call";
}

function whatOf({ effect, error, latencyMs, jitterMs }: FaultRule): string {
  const late = latencyMs === undefined && jitterMs === undefined ? "" : lateInWords(latencyMs ?? 0, jitterMs ?? 0);
  if (effect !== undefined && effect !== "error") return [effect, late].filter(Boolean).join(", ");
  if (error === undefined && late) return late;
  const { statusCode, code, message } = error ?? { statusCode: 503, code: "ServiceUnavailable" };
  return [`${statusCode} ${code}`, message && `"${message}"`, late].filter(Boolean).join(", ");
}

const lateInWords = (latencyMs: number, jitterMs: number): string =>
  `${formatDuration(latencyMs)}${jitterMs > 0 ? ` to ${formatDuration(latencyMs + jitterMs)}` : ""} later`;

function howLongOf({ probability: p, count, durationMs }: FaultRule): string {
  const parts = [
    p === undefined || p === 1 ? "" : `with probability ${p}`,
    count === undefined ? "" : `${count} times`,
    durationMs === undefined ? "" : `for ${formatDuration(durationMs)}`,
  ];
  return parts.filter(Boolean).join(", ") || "always";
}
