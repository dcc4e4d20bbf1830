import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { isFileError } from "../../file-error.js";

/** A file of the export, by the number and the digest in its name. */
export interface ArchivedDocument {
  /** Relative to the export's directory. */
  readonly name: string;
  readonly number: number;
  /** Beside one that has the name: history went two ways. */
  readonly fork: boolean;
  readonly jws: string;
}

/** The directory that checkpoints were exported to. */
export interface CheckpointFiles {
  /** Ascending. */
  accountIds(): Promise<readonly string[]>;
  /** Ascending by number. */
  ofAccount(accountId: string): Promise<readonly ArchivedDocument[]>;
  /** One after another, ascending. */
  rounds(): AsyncIterable<ArchivedDocument>;
}

const ROUNDS = "rounds";
const NAME = /^(\d{1,15})(\.[0-9a-f]{16})?\.jws$/;
const MAX_BYTES = 1024 * 1024;

/** `directory` is the export's own, or the one above it. Throws as the file system does. */
export async function openCheckpointFiles(directory: string): Promise<CheckpointFiles> {
  const own = path.join(directory, "audit-checkpoints");
  const root = (await isDirectory(own)) ? own : directory;
  await readdir(root);
  return {
    async accountIds() {
      const entries = await readdir(root, { withFileTypes: true });
      return entries.flatMap((entry) => (entry.isDirectory() && entry.name !== ROUNDS ? entry.name : [])).sort();
    },
    async ofAccount(accountId) {
      const documents: ArchivedDocument[] = [];
      for (const name of await namesIn(root, accountId)) documents.push(await read(root, accountId, name));
      return documents;
    },
    async *rounds() {
      for (const name of await namesIn(root, ROUNDS)) yield await read(root, ROUNDS, name);
    },
  };
}

const isDirectory = async (directory: string): Promise<boolean> =>
  stat(directory).then(
    (found) => found.isDirectory(),
    () => false,
  );

async function namesIn(root: string, folder: string): Promise<readonly string[]> {
  const names = await readdir(path.join(root, folder)).catch((error: unknown) => {
    if (isFileError(error) && error.code === "ENOENT") return [];
    throw error;
  });
  // A fork, whose name is longer, after the one that has the name.
  return names.filter((name) => NAME.test(name)).sort((a, b) => numberOf(a) - numberOf(b) || a.length - b.length);
}

const numberOf = (name: string): number => Number(NAME.exec(name)?.[1]);

async function read(root: string, folder: string, name: string): Promise<ArchivedDocument> {
  const file = path.join(root, folder, name);
  const { size } = await stat(file);
  const jws = size > MAX_BYTES ? "" : await readFile(file, "utf8");
  return { name: `${folder}/${name}`, number: numberOf(name), fork: NAME.exec(name)?.[2] !== undefined, jws };
}
