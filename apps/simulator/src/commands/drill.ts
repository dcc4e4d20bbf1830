import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { createSimulatorClient, type SimulatorControl } from "@ekm/mock-aws";
import { Command, Option } from "commander";
import pc from "picocolors";
import { callAsOwner } from "../aws/call-as-owner.js";
import { type AwsLog, openAwsLog } from "../drill/aws-log.js";
import { makeCanary, registeredCanary } from "../drill/canary.js";
import { readHealth } from "../drill/key-health.js";
import { askedOwner, type KeyOwner, simulatedOwner } from "../drill/key-owner.js";
import { type DrillReport, drillReport } from "../drill/report.js";
import { runDrill } from "../drill/run-drill.js";
import { readSubject, type Subject } from "../drill/subject.js";
import { writeDrillReport } from "../drill/write-report.js";
import type { Environment } from "../environment.js";
import { createSession, type Session } from "../product/graphql.js";
import { effectiveAt } from "../runner/aws/effective-at.js";
import type { StepRecord } from "../runner/result.js";

import { softwareVersions } from "../versions.js";
import { examples } from "./examples.js";
import { EXIT, UsageError } from "./exit-status.js";
import { DEFAULT_ENDPOINT, duration, httpUrl } from "./options.js";
import { readTokens } from "./read-tokens.js";
import { interruption } from "./until-interrupted.js";

interface Options {
  readonly account: string;
  readonly gateway: string;
  readonly tokens?: string;
  readonly endpoint?: string;
  readonly dataRoot?: string;
  readonly source?: string;
  readonly manual?: boolean;
  readonly wait: number;
  readonly out?: string;
}

export function drillCommand(environment: Environment): Command {
  return new Command("drill")
    .summary("a timed revocation drill on canary data, with a report to file")
    .description(
      "disable the customer's key while a restore of canary data runs, measure when plaintext stops, check that backup and " +
        "restore are refused with the right code, enable the key again (also on failure and on Ctrl-C), check that all works.\n" +
        "exit status: 0 passed, 1 the product deviated, 2 bad input, 3 nothing is concluded",
    )
    .requiredOption("--account <id>", "the product's id of the account; EKM must be enabled")
    .requiredOption("--gateway <url>", "the product", httpUrl)
    .option(
      "--tokens <file>",
      "its tokens: ACCOUNT_ADMIN of the account, and BACKUP_OPERATOR if it is another (default: EKM_SIM_TOKENS)",
    )
    .option("--endpoint <url>", `the simulated AWS that has the key (default: ${DEFAULT_ENDPOINT})`, httpUrl)
    .option(
      "--data-root <directory>",
      "a directory under the service's allowed roots, where the drill puts its canary and times the bytes itself; {account} in it stands for the account's id",
    )
    .option(
      "--source <id>",
      "without --data-root: a registered source of canary data; times are self-reported by the product then",
    )
    .option("--manual", "the key's owner disables and enables it: the drill prints the AWS CLI line and watches until it is seen")
    .addOption(
      new Option("--wait <duration>", "with --manual: how long the owner may take for each act")
        .argParser(duration)
        .default(15 * 60_000, "15m"),
    )
    .option("--out <directory>", "where drill.html and drill.json are written (default: .reports/drill/<id of the drill>)")
    .addHelpText(
      "after",
      examples(
        "ekm-sim drill --account acc_123 --gateway http://127.0.0.1:4000 --tokens .data/dev/tokens.json --data-root '.data/dev/restores/{account}'",
        "ekm-sim drill --account acc_123 --gateway https://backup.example --tokens tokens.json --source src_456 --manual",
      ),
    )
    .action(async (options: Options) => {
      process.exitCode = await drill(options, environment);
    });
}

async function drill(options: Options, environment: Environment): Promise<number> {
  const signal = interruption();
  let current = signal;
  const startedAt = Date.now();
  const id = `drill-${new Date(startedAt).toISOString().slice(0, 10)}-${randomBytes(3).toString("hex")}`;
  const subject = await subjectOf(options, environment, () => current);
  const canary = canaryOf(options, subject, id);
  const aws = await simulatedAws(options, subject);
  const say = (text: string): void => console.log(text);
  const colour = pc.createColors(process.stdout.isTTY && pc.isColorSupported);
  say(`Revocation drill ${id}: ${subject.accountName}, ${subject.keyArn}; promised: ${subject.windowMs / 1000} s`);
  const log = aws && (await openAwsLog(aws, subject.keyArn, subject.vendorAwsAccountId));
  try {
    const findings = await runDrill({
      subject,
      owner: ownerOf(options, subject, aws, log, say),
      ...(log && { log }),
      makeCanary: canary,
      signal,
      useSignal: (next) => {
        current = next;
      },
      progress: (step) => say(stepLine(step, colour)),
      waitMs: options.wait,
    });
    const report = drillReport(
      {
        id,
        subject,
        gateway: options.gateway,
        mode: options.manual ? "manual" : "automatic",
        sawTarget: options.dataRoot !== undefined,
        sawAws: log !== undefined,
        software: await softwareVersions(),
        startedAt,
      },
      findings,
    );
    const files = await writeDrillReport(report, options.out ?? join(".reports", "drill", id));
    say(closing(report, files, colour));
    return { passed: EXIT.ok, failed: EXIT.deviated, "not concluded": EXIT.harness }[report.verdict];
  } finally {
    log?.close();
  }
}

async function subjectOf(options: Options, environment: Environment, signal: () => AbortSignal): Promise<Subject> {
  const file = options.tokens ?? environment.tokens;
  if (file === undefined) throw new UsageError("drill needs --tokens (or EKM_SIM_TOKENS): a file with the account's tokens.");
  const tokens = (await readTokens(file)).accounts[options.account];
  const adminToken = tokens?.["ACCOUNT_ADMIN"];
  if (adminToken === undefined) throw new UsageError(`${file} has no ACCOUNT_ADMIN token for the account ${options.account}.`);
  const session = (token: string): Session => createSession(options.gateway, token, signal);
  return readSubject(options.account, session(adminToken), session(tokens?.["BACKUP_OPERATOR"] ?? adminToken));
}

function canaryOf({ dataRoot, source }: Options, subject: Subject, id: string) {
  if (dataRoot !== undefined) return () => makeCanary(subject, dataRoot, id);
  if (source !== undefined) return async () => registeredCanary(subject, source);
  throw new UsageError("drill needs --data-root, or --source: which registered source is the canary.");
}

/** The simulated AWS, where one has the key. On real AWS there is none, and only the key's owner can act. */
async function simulatedAws(options: Options, { keyArn }: Subject): Promise<SimulatorControl | undefined> {
  const endpoint = options.endpoint ?? DEFAULT_ENDPOINT;
  const control = createSimulatorClient(endpoint);
  const keys = await control.keys.list().catch((error: Error) => {
    if (options.endpoint !== undefined) throw error;
    return [];
  });
  if (keys.some(({ arn }) => arn === keyArn)) return control;
  if (options.endpoint === undefined && options.manual) return undefined;
  throw new UsageError(
    `No simulated AWS at ${endpoint} has ${keyArn}.${options.manual ? "" : " In real AWS only its owner can disable it: add --manual."}`,
  );
}

function ownerOf(
  options: Options,
  { keyArn, region, admin, accountId }: Subject,
  aws: SimulatorControl | undefined,
  log: AwsLog | undefined,
  say: (text: string) => void,
): KeyOwner {
  const endpoint = options.endpoint ?? DEFAULT_ENDPOINT;
  if (!options.manual) return simulatedOwner(async (operation) => effectiveAt(await callAsOwner(endpoint, keyArn, operation)));
  return askedOwner({
    keyArn,
    region,
    waitMs: options.wait,
    health: () => readHealth(admin, accountId),
    say,
    ...(aws && { endpoint }),
    ...(log && { log }),
  });
}

type Colours = ReturnType<typeof pc.createColors>;

function stepLine({ text, seconds, outcome }: StepRecord, colour: Colours): string {
  const took = colour.dim(`(${seconds.toFixed(1)} s)`);
  if (outcome.kind === "held") return `${colour.green("✓")} ${text}${outcome.happened ? `: ${outcome.happened}` : ""} ${took}`;
  if (outcome.kind === "deviated")
    return `${colour.red("✗")} ${text} ${took}\n    expected: ${outcome.expected}\n    happened: ${outcome.happened}`;
  return `${colour.magenta("!")} ${text}: ${outcome.reason} ${took}`;
}

function closing(report: DrillReport, files: readonly string[], colour: Colours): string {
  const paint = { passed: colour.green, failed: colour.red, "not concluded": colour.magenta }[report.verdict];
  return [
    "",
    `${paint(colour.bold(report.verdict.toUpperCase()))}: ${report.summary}`,
    ...report.measurements.map(({ name, value, by }) => `  ${name.padEnd(32)} ${value}  ${colour.dim(`by ${by}`)}`),
    ...(report.keyMayBeDisabled ? [colour.red("The key may still be disabled.")] : []),
    `Report: ${files.join(", ")}`,
  ].join("\n");
}
