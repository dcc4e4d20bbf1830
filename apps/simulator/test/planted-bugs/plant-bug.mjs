// Preloaded with --import into a process of the product: plants the bug that PLANTED_BUG describes, as JSON, in the one module
// that it names. Where the text to be replaced is not there exactly once, the process ends before the product begins.
import { readFileSync, realpathSync } from "node:fs";
import { register } from "node:module";
import { pathToFileURL } from "node:url";
import { isMainThread } from "node:worker_threads";

if (isMainThread) {
  const { name, file, find, replace } = JSON.parse(process.env.PLANTED_BUG);
  const times = readFileSync(file, "utf8").split(find).length - 1;
  if (times !== 1) {
    process.stderr.write(`The bug ${name} cannot be planted: its text is ${times} times in ${file}, and not once.\n`);
    process.exit(86);
  }
  register("./replace-text.mjs", import.meta.url, { data: { name, url: pathToFileURL(realpathSync(file)).href, find, replace } });
}
