import { type AccountStatus, createSimulatorClient, SUSPENSION_PROFILES, type SuspensionProfile } from "@ekm/mock-aws";
import { Command, Option } from "commander";
import { examples } from "./examples.js";
import { endpointOption } from "./options.js";
import { formatTable } from "./print-table.js";

interface Options {
  readonly endpoint: string;
  readonly profile?: SuspensionProfile;
  readonly json?: boolean;
}

export function accountCommand(): Command {
  const account = new Command("account").description("AWS accounts of a running simulator");
  account
    .command("list")
    .description("every AWS account and its status")
    .addOption(endpointOption())
    .option("--json", "for programs; the access keys too")
    .addHelpText("after", examples("ekm-sim account list"))
    .action(async ({ endpoint, json }: Options) => {
      const accounts = await createSimulatorClient(endpoint).accounts.list();
      if (json) return console.log(JSON.stringify(accounts, null, 2));
      const rows = accounts.map(({ id, status, name, principalArn }) => [id, status, name, principalArn]);
      console.log(formatTable(["account", "status", "name", "principal"], rows));
    });
  const change = (name: string, description: string, status: AccountStatus): void => {
    const command = account
      .command(name)
      .argument("<id>", "12 digits")
      .description(description)
      .addOption(endpointOption())
      .addHelpText("after", examples(`ekm-sim account ${name} 111122223333`))
      .action(async (id: string, { endpoint, profile }: Options) => {
        const changed = await createSimulatorClient(endpoint).accounts.setStatus(id, { status, ...(profile && { profile }) });
        console.log(`${changed.id} is ${changed.status}, effective ${changed.effectiveAt}`);
      });
    if (status !== "ACTIVE") {
      command.addOption(
        new Option("--profile <profile>", "what the account's keys answer to others; AWS documents nothing").choices(
          SUSPENSION_PROFILES,
        ),
      );
    }
  };
  change("suspend", "suspend an account: its keys become inaccessible", "SUSPENDED");
  change("close", "close an account; after 90 simulated days its keys are gone", "CLOSED");
  change("reinstate", "make a suspended or closed account active again", "ACTIVE");
  return account;
}
