import { StoreError } from "@ekm/ekm";
import { EXIT, type ExitStatus } from "../exit-status.js";
import { isFileError } from "../file-error.js";
import { UsageError } from "../options.js";
import type { Terminal } from "../terminal.js";
import { UnreadableFile } from "./cloudtrail/read-trail.js";

/** Runs an audit command: what is wrong with its use, the database or a file becomes a message and an exit status. */
export async function auditCommand(
  { name, help, terminal }: { readonly name: string; readonly help: string; readonly terminal: Terminal },
  run: () => Promise<ExitStatus>,
): Promise<ExitStatus> {
  const end = (message: string, status: ExitStatus): ExitStatus => {
    terminal.progress?.("");
    terminal.error(`ekm audit ${name}: ${message}`);
    return status;
  };
  try {
    return await run();
  } catch (error) {
    if (error instanceof UsageError) return end(`${error.message}\n\n${help}`, EXIT.BAD_USAGE);
    if (error instanceof StoreError) return end(`the database cannot be used: ${error.message}`, EXIT.DATABASE_UNUSABLE);
    if (error instanceof UnreadableFile || isFileError(error)) return end(error.message, EXIT.FILES_UNUSABLE);
    throw error;
  }
}
