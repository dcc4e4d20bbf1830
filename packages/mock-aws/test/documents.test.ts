// Documents that are written from the code say what the code says. EKM_UPDATE_DOCS=1 writes them anew.
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { fidelityDocument } from "./fidelity/document.js";
import { LOCALSTACK_DEVIATIONS, LOCALSTACK_VERSION } from "./peers/localstack-deviations.js";
import { PROBES } from "./peers/probes.js";

const root = path.resolve(import.meta.dirname, "..", "..", "..");

async function check(name: string, wanted: (present: string) => string): Promise<void> {
  const file = path.join(root, name);
  const present = await readFile(file, "utf8").catch(() => "");
  if (process.env["EKM_UPDATE_DOCS"] === "1") await writeFile(file, wanted(present));
  else expect(present, `run "npm run fidelity" in packages/mock-aws`).toBe(wanted(present));
}

it("docs/kms-fidelity.md is written from the table", () => check("docs/kms-fidelity.md", fidelityDocument));

it("docs/localstack.md lists the deviations", () =>
  check("docs/localstack.md", (present) => {
    const rows = PROBES.flatMap(({ id, aws }) => {
      const deviation = LOCALSTACK_DEVIATIONS[id];
      return deviation === undefined ? [] : [`| ${aws} | ${deviation.does} | ${deviation.hiddenBy} |`];
    });
    const table = ["| AWS | LocalStack | how the front hides it: it |", "| --- | --- | --- |", ...rows].join("\n");
    const note = `Seen on ${LOCALSTACK_VERSION}; each has a probe in \`packages/mock-aws/test/peers\`, which \`localstack-deviations.test.ts\` asks.`;
    const generated = `<!-- deviations -->\n${note}\n\n${table}\n<!-- /deviations -->`;
    expect(present).toContain("<!-- deviations -->");
    return present.replace(/<!-- deviations -->[\s\S]*<!-- \/deviations -->/, () => generated);
  }));

it("the README's examples are the ones that are run", async () => {
  const names = ["disabled-key", "suspended-account", "throttled-region"];
  const examples = await Promise.all(names.map(async (name) => [name, await exampleNamed(name)] as const));
  for (const [name, code] of examples)
    expect(code.split("\n").filter((line) => line !== "").length, name).toBeLessThanOrEqual(10);
  await check("packages/mock-aws/README.md", (present) =>
    examples.reduce((text, [name, code]) => {
      const block = new RegExp(`<!-- example ${name} -->[\\s\\S]*?<!-- /example -->`);
      expect(text).toMatch(block);
      return text.replace(block, () => `<!-- example ${name} -->\n\`\`\`ts\n${code}\`\`\`\n<!-- /example -->`);
    }, present),
  );
});

async function exampleNamed(name: string): Promise<string> {
  const code = await readFile(path.join(import.meta.dirname, "examples", `${name}.test.ts`), "utf8");
  return code.replace("../../src/index.js", "@ekm/mock-aws");
}
