import { readFile } from "node:fs/promises";
import { createSimulatorClient } from "@ekm/mock-aws";
import { Command } from "commander";
import { callAsOwner } from "../aws/call-as-owner.js";
import { examples } from "./examples.js";
import { UsageError } from "./exit-status.js";
import { endpointOption, wholeNumber } from "./options.js";
import { formatTable } from "./print-table.js";

interface Options {
  readonly endpoint: string;
  readonly json?: boolean;
  readonly days?: number;
  readonly policy?: string;
}

export function keyCommand(): Command {
  const key = new Command("key").description("KMS keys of a running simulator, as their owners see and change them");
  key
    .command("list")
    .description("every key and its state")
    .addOption(endpointOption())
    .option("--json", "for programs; the policies too")
    .addHelpText("after", examples("ekm-sim key list"))
    .action(async ({ endpoint, json }: Options) => {
      const keys = await createSimulatorClient(endpoint).keys.list();
      if (json) return console.log(JSON.stringify(keys, null, 2));
      const rows = keys.map(({ arn, state, keySpec, description }) => [arn, state, keySpec, description]);
      console.log(formatTable(["key", "state", "spec", "description"], rows));
    });
  const act = (name: string, description: string, more = ""): Command =>
    key
      .command(name)
      .argument("<arn>", "the key's ARN")
      .description(description)
      .addOption(endpointOption())
      .addHelpText("after", examples(`ekm-sim key ${name} arn:aws:kms:us-east-1:111122223333:key/1${more}`));
  act("disable", "DisableKey, by the key's owner").action((arn: string, { endpoint }: Options) =>
    asOwner(endpoint, arn, "DisableKey"),
  );
  act("enable", "EnableKey, by the key's owner").action((arn: string, { endpoint }: Options) =>
    asOwner(endpoint, arn, "EnableKey"),
  );
  act("schedule-deletion", "ScheduleKeyDeletion, by the key's owner", " --days 7")
    .option("--days <n>", "waiting period", wholeNumber(7, 30), 30)
    .action((arn: string, { endpoint, days }: Options) =>
      asOwner(endpoint, arn, "ScheduleKeyDeletion", { PendingWindowInDays: days }),
    );
  act("cancel-deletion", "CancelKeyDeletion; the key is disabled then").action((arn: string, { endpoint }: Options) =>
    asOwner(endpoint, arn, "CancelKeyDeletion"),
  );
  act("delete", "delete the key now, as after the waiting period").action(async (arn: string, { endpoint }: Options) => {
    const changed = await createSimulatorClient(endpoint).keys.setState(arn, { state: "Deleted" });
    console.log(`${arn}: deleted, effective ${changed.effectiveAt}`);
  });
  act("set-policy", "PutKeyPolicy: replaces the whole policy", " --policy policy.json")
    .requiredOption("--policy <file>", "a key policy, JSON; - reads standard input")
    .action(async (arn: string, { endpoint, policy }: Options) => {
      await asOwner(endpoint, arn, "PutKeyPolicy", { PolicyName: "default", Policy: await readPolicy(policy ?? "-") });
    });
  return key;
}

async function asOwner(endpoint: string, arn: string, operation: string, more: Record<string, unknown> = {}): Promise<void> {
  const { effectiveAt } = await callAsOwner(endpoint, arn, operation, more);
  console.log(`${arn}: ${operation} done${effectiveAt === null ? "" : `, effective ${effectiveAt}`}`);
}

async function readPolicy(file: string): Promise<string> {
  const text = await readFile(file === "-" ? "/dev/stdin" : file, "utf8");
  try {
    JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
  return text;
}
