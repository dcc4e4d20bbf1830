import { readFile } from "node:fs/promises";
import { z } from "zod";

const text = z.string().max(4_000);

const DemoFile = z.object({
  accounts: z
    .array(
      z.object({
        id: text,
        name: text,
        /** By which the page groups: one or two words. */
        state: text,
        description: text,
        keyArn: text.optional(),
        /** By role. */
        tokens: z.record(z.string().max(64), text),
      }),
    )
    .max(200),
  supportToken: text,
  aws: z.object({ endpoint: text }),
});

export type Demo = z.infer<typeof DemoFile>;
export type DemoAccount = Demo["accounts"][number];

/** What the development stack wrote down of the accounts that it made. Throws when the file is missing or is something else. */
export const readDemoFile = async (path: string): Promise<Demo> => DemoFile.parse(JSON.parse(await readFile(path, "utf8")));
