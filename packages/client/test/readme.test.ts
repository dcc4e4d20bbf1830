// Invariant: what the README shows compiles as it stands, and its start is ten lines that run.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type * as TypeScript from "typescript";
import { describe, expect, it } from "vitest";
import * as client from "../src/index.js";
import { createMockGateway, mockStates } from "../src/mock/index.js";

// An ES import of it would make vitest transform 9 MB.
const ts = createRequire(import.meta.url)("typescript") as typeof TypeScript;

const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
const examples = [...readme.matchAll(/```(tsx?)\n([\s\S]*?)```/g)].map(([, language = "", text = ""]) => ({ language, text }));

const CONTEXT = `
  declare const session: { readonly accessToken: string };
`;

/** What the compiler says of an example, as if it lay in a package that depends on this one. */
function complaints(text: string, language: string): string[] {
  const place = fileURLToPath(new URL(`./readme-example.${language}`, import.meta.url));
  const needsClient = /\bekm\b/.test(text) && !/const ekm\b/.test(text);
  const source = `${needsClient ? 'import type { EkmClient } from "@ekm/client";\ndeclare const ekm: EkmClient;' : ""}${CONTEXT}${text}`;
  const options: TypeScript.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts"],
    types: [],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    customConditions: ["@ekm/source"],
    jsx: ts.JsxEmit.ReactJSX,
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile: read } = host;
  host.fileExists = (name) => name === place || fileExists(name);
  host.readFile = (name) => (name === place ? source : read(name));
  const program = ts.createProgram([place], options, host);
  return ts
    .getPreEmitDiagnostics(program, program.getSourceFile(place))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

describe("the README", () => {
  it.each(examples)(
    "has an example that compiles: $text",
    ({ text, language }) => {
      expect(complaints(text, language)).toEqual([]);
    },
    60_000,
  );

  it("has a check that would see an example that does not", () => {
    const [first] = examples;
    expect(complaints((first?.text ?? "").replace("health.state", "health.estate"), "ts")).not.toEqual([]);
  }, 60_000);

  it("starts in ten lines, which run", async () => {
    const text = examples[0]?.text ?? "";
    expect(text.trim().split("\n").length).toBeLessThanOrEqual(10);
    const [, names = "", body = ""] = /^import \{(.*?)\} from "@ekm\/client";\n([\s\S]*)$/.exec(text) ?? [];
    const said: unknown[] = [];
    const gateway = createMockGateway();
    const given: Record<string, unknown> = {
      ...client,
      createEkmClient: (options: client.EkmClientOptions) => client.createEkmClient({ ...options, fetch: gateway.fetch }),
      session: { accessToken: "t" },
      console: { log: (value: unknown) => void said.push(value) },
    };
    const parameters = [...names.split(",").map((name) => name.trim()), "session", "console"];
    const run = Object.getPrototypeOf(async () => {}).constructor(...parameters, body) as (...values: unknown[]) => Promise<void>;
    await run(...parameters.map((name) => given[name]));
    expect(said).toEqual(["HEALTHY"]);
  });

  it("names every state of the mock, or the family that it belongs to", () => {
    const [, mock = ""] = readme.split("## Mock");
    const named = [...mock.matchAll(/`([a-z.-]+[a-zA-Z_.-]*)`/g)].map(([, name = ""]) => name);
    for (const { name } of mockStates) {
      const known = named.some((each) => name === each || name === `rotation${each}`) || /\.[A-Z_]+$/.test(name);
      expect({ name, known }).toEqual({ name, known: true });
    }
  });
});
