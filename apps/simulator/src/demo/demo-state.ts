import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const demoAccount = z.object({
  id: z.string(),
  keyArn: z.string().optional(),
  /** The key that a rotation goes to. */
  nextKeyArn: z.string().optional(),
  sourceId: z.string().optional(),
  hasBackup: z.boolean().default(false),
  /** Its situation was brought about once: what people make of it afterwards is theirs. */
  isSet: z.boolean().default(false),
});
const demoState = z.object({ accounts: z.record(z.string(), demoAccount).default({}) });
export type DemoState = z.infer<typeof demoState>;
export type DemoAccountState = z.infer<typeof demoAccount>;

/** What the demo has set up so far, kept beside the product's data so that a second start finds it. */
export interface DemoStateFile {
  readonly state: DemoState;
  /** Written at once: a start that was cut short goes on where it stopped. */
  save(name: string, account: DemoAccountState): Promise<void>;
}

export async function openDemoState(directory: string): Promise<DemoStateFile> {
  const file = join(directory, "demo.json");
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "{}";
    throw error;
  });
  const state = demoState.parse(JSON.parse(text));
  let saved: Promise<void> = Promise.resolve();
  const write = async (): Promise<void> => {
    await writeFile(`${file}.next`, `${JSON.stringify(state, null, 2)}\n`);
    await rename(`${file}.next`, file);
  };
  return {
    state,
    save(name, account) {
      state.accounts[name] = account;
      saved = saved.then(write);
      return saved;
    },
  };
}
