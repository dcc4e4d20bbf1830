import { readFile } from "node:fs/promises";
import { PACKAGE } from "./paths.js";

/** What a report was made with. */
export async function softwareVersions(): Promise<Readonly<Record<string, string>>> {
  const { version } = JSON.parse(await readFile(PACKAGE, "utf8")) as { readonly version: string };
  return { "ekm-sim": version, "Node.js": process.versions.node, platform: `${process.platform} ${process.arch}` };
}
