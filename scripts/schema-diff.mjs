// Compares the API's schema with what was released to clients: additions pass, and whatever could break a client stops here.
//   npm run schema-diff                           says what breaks, and what else changed
//   npm run schema-diff -- --release              takes the schema as released, unless something breaks: what was added is promised from now on
//   npm run schema-diff -- --accept "reason"      the same though something breaks, which is logged with the reason in docs/api-changes.md
// Exit status: 0 nothing breaks (or it was accepted), 1 something breaks, 2 it could not be compared.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { parseArgs } from "node:util";

const root = path.resolve(import.meta.dirname, "..");
const { buildSchema, findBreakingChanges, findDangerousChanges, lexicographicSortSchema, printSchema } = createRequire(
  path.join(root, "apps", "gateway", "package.json"),
)("graphql");

const MAX_REASON = 500;
const HEADER = `# Changes of the API that could break a client

Written by \`npm run schema-diff -- --accept REASON\`, newest first. Additions are not listed: they break nobody.
`;

class CannotCompare extends Error {}

function options() {
  const gateway = path.join(root, "apps", "gateway");
  try {
    const { values } = parseArgs({
      options: {
        schema: { type: "string", default: path.join(gateway, "schema.graphql") },
        released: { type: "string", default: path.join(gateway, "schema.released.graphql") },
        log: { type: "string", default: path.join(root, "docs", "api-changes.md") },
        release: { type: "boolean", default: false },
        accept: { type: "string" },
        date: { type: "string", default: new Date().toISOString().slice(0, 10) },
      },
    });
    return values;
  } catch (error) {
    throw new CannotCompare(error.message);
  }
}

function read(file) {
  try {
    return buildSchema(readFileSync(file, "utf8"));
  } catch (error) {
    throw new CannotCompare(`${path.relative(root, file)}: ${error.message}`);
  }
}

const tell = ({ type, description }) => `${type}: ${description}`;

/** Every type, field, argument and enum value, each as a line: what is in the one and not in the other was added. */
function names(schema) {
  const found = new Set();
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith("__")) continue;
    found.add(type.name);
    for (const value of type.getValues?.() ?? []) found.add(`${type.name}.${value.name}`);
    for (const field of Object.values(type.getFields?.() ?? {})) {
      found.add(`${type.name}.${field.name}`);
      for (const argument of field.args ?? []) found.add(`${type.name}.${field.name}(${argument.name})`);
    }
  }
  return found;
}

function logBreaking({ log, accept, date }, breaking) {
  const reason = accept.trim();
  if (reason === "" || reason.length > MAX_REASON || /[\r\n]/.test(reason)) {
    throw new CannotCompare(`--accept needs a reason: one line of at most ${MAX_REASON} characters`);
  }
  if (breaking.length === 0) throw new CannotCompare("nothing breaks, so there is nothing to accept: use --release");
  const entry = [`## ${date}`, "", reason, "", ...breaking.map((change) => `- ${tell(change)}`), ""].join("\n");
  const earlier = readLog(log);
  writeFileSync(log, `${HEADER}\n${entry}${earlier === "" ? "" : `\n${earlier}`}`);
}

function release({ released }, schema) {
  const text = printSchema(lexicographicSortSchema(schema));
  writeFileSync(
    released,
    `# What clients were promised. Written by \`npm run schema-diff -- --release\`: do not edit.\n\n${text}\n`,
  );
  console.log("released");
}

function readLog(file) {
  try {
    const text = readFileSync(file, "utf8");
    const first = text.indexOf("\n## ");
    return first === -1 ? "" : text.slice(first + 1);
  } catch (error) {
    if (error.code === "ENOENT") return "";
    throw error;
  }
}

function main() {
  const asked = options();
  const schema = read(asked.schema);
  const released = read(asked.released);
  const breaking = findBreakingChanges(released, schema);
  const dangerous = findDangerousChanges(released, schema);
  const known = names(released);
  const added = [...names(schema)].filter((name) => !known.has(name));

  for (const change of breaking) console.log(`BREAKS  ${tell(change)}`);
  for (const change of dangerous) console.log(`mind    ${tell(change)}`);
  if (added.length > 0) console.log(`added   ${added.length} name(s)`);
  if (asked.accept !== undefined) logBreaking(asked, breaking);
  else if (breaking.length > 0) {
    console.error(
      `${breaking.length} change(s) could break a client: keep what was released and deprecate it, or --accept with a reason.`,
    );
    return 1;
  } else console.log("nothing breaks");
  if (asked.release || asked.accept !== undefined) release(asked, schema);
  return 0;
}

try {
  process.exitCode = main();
} catch (error) {
  if (!(error instanceof CannotCompare)) throw error;
  console.error(`schema-diff: ${error.message}`);
  process.exitCode = 2;
}
