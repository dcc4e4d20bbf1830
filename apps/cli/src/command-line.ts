import { AUDIT_EXPORT_HELP, auditExport } from "./audit/audit-export.js";
import { AUDIT_MATCH_HELP, auditMatch } from "./audit/audit-match.js";
import { AUDIT_VERIFY_HELP, auditVerify } from "./audit/audit-verify.js";
import { EXIT_KIT_EXPORT_HELP, exitKitExport } from "./exit-kit/exit-kit-export.js";
import { EXIT_KIT_OPEN_HELP, exitKitOpen } from "./exit-kit/exit-kit-open.js";
import { EXIT, type ExitStatus } from "./exit-status.js";
import type { Terminal } from "./terminal.js";

interface Command {
  readonly words: readonly string[];
  readonly about: string;
  readonly help: string;
  readonly run: (args: readonly string[], terminal: Terminal) => Promise<ExitStatus>;
}

const COMMANDS: readonly Command[] = [
  {
    words: ["audit", "verify"],
    about: "checks the hash chains of the audit log and their signed checkpoints",
    help: AUDIT_VERIFY_HELP,
    run: auditVerify,
  },
  {
    words: ["audit", "export"],
    about: "an account's audit log as lines of JSON",
    help: AUDIT_EXPORT_HELP,
    run: auditExport,
  },
  {
    words: ["audit", "match"],
    about: "compares the audit log with AWS CloudTrail",
    help: AUDIT_MATCH_HELP,
    run: auditMatch,
  },
  {
    words: ["exit-kit", "export"],
    about: "what a customer needs to read the backups without us",
    help: EXIT_KIT_EXPORT_HELP,
    run: exitKitExport,
  },
  {
    words: ["exit-kit", "open"],
    about: "restores a backup with an exit kit, without us",
    help: EXIT_KIT_OPEN_HELP,
    run: (args, terminal) => exitKitOpen(args, terminal),
  },
];

const HELP = `ekm: tools for operators of Enterprise Key Management

${COMMANDS.map(({ words, about }) => `  ekm ${words.join(" ").padEnd(16)} ${about}`).join("\n")}

ekm COMMAND --help says more.`;

const wantsHelp = (args: readonly string[]): boolean => args.some((arg) => arg === "--help" || arg === "-h");

/** The exit status of `ekm ARGS`. */
export async function runCommand(args: readonly string[], terminal: Terminal): Promise<ExitStatus> {
  const command = COMMANDS.find(({ words }) => words.every((word, n) => args[n] === word));
  if (command === undefined) {
    const asked = wantsHelp(args) || args[0] === "help";
    if (asked) terminal.out(HELP);
    else terminal.error(args.length === 0 ? HELP : `ekm: there is no command '${args.join(" ")}'\n\n${HELP}`);
    return asked ? EXIT.OK : EXIT.BAD_USAGE;
  }
  const rest = args.slice(command.words.length);
  if (!wantsHelp(rest)) return command.run(rest, terminal);
  terminal.out(command.help);
  return EXIT.OK;
}
