import { LOCALSTACK_DEVIATIONS, LOCALSTACK_VERSION } from "../peers/localstack-deviations.js";
import { MOTO_DEVIATIONS, MOTO_VERSION } from "../peers/moto-deviations.js";
import { PROBES } from "../peers/probes.js";
import { ANSWERS, CALLERS, type CallerName, STATES } from "./answers.js";
import { ASSUMPTIONS, GAPS } from "./assumptions.js";
import { expectedAnswer, ROWS } from "./table.js";

const SHORT: Readonly<Record<string, string>> = {
  PendingDeletion: "PendDel",
  PendingReplicaDeletion: "PendReplDel",
  PendingImport: "PendImp",
  Unavailable: "Unavail",
};
const bulleted = (texts: readonly string[]): string[] => texts.map((text) => `- ${text}`);
const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

/** docs/kms-fidelity.md */
export function fidelityDocument(): string {
  const cells = ROWS.length * STATES.length * Object.keys(CALLERS).length;
  const owner = ROWS.map((each) => row([each.assumed === undefined ? each.name : `${each.name} *`, ...each.owner.map(String)]));
  const legend = Object.entries(ANSWERS).flatMap(([name, fault]) =>
    fault === null ? [] : [row([name, fault[0], `\`${fault[1]}\``])],
  );
  const foreign = Object.entries(CALLERS).map(([caller, about]) => {
    const of = (wanted: (each: (typeof ROWS)[number]) => boolean): string => {
      const found = new Set(
        ROWS.filter(wanted).flatMap((each) => STATES.slice(0, -1).map((state) => answerAs(each, caller as CallerName, state))),
      );
      return found.size === 0 ? "-" : [...found].join(", ");
    };
    return row([
      caller,
      about,
      of((each) => each.crossAccount === true && each.withContext === true),
      of((each) => each.crossAccount === true && each.withContext !== true),
      of((each) => each.crossAccount !== true),
    ]);
  });
  return `${[
    "# How faithful the simulated KMS is",
    "",
    "Written by `npm run fidelity` in `packages/mock-aws` from the table in `test/fidelity`; a test fails where the two differ. Do not edit.",
    "",
    `Every operation that uses a key, on a key in each of ${STATES.length} states, for ${Object.keys(CALLERS).length} kinds of caller: ${cells.toLocaleString("en")} cells, each asserted by name and text over HTTP with signed requests, status 400 but for OptInRequired (403). The states are the columns of AWS's table "Key states of AWS KMS keys"; a star marks rows in which that table is silent on a cell (listed below).`,
    "",
    "## The key's owner",
    "",
    row(["operation", ...STATES.map((state) => SHORT[state] ?? state)]),
    row(["---", ...STATES.map(() => "---")]),
    ...owner,
    "",
    "Enabling and disabling an Unavailable key is accepted and changes nothing while it lasts.",
    "",
    "## What the numbers mean",
    "",
    row(["", "exception", "text"]),
    row(["---", "---", "---"]),
    ...legend,
    "",
    "## Other callers",
    "",
    "*as the owner*: the answer of the first table. A deleted key answers strangers `denied`, like one that never was.",
    "",
    row(["caller", "who that is", "operations with an encryption context", "others that work across accounts", "the rest"]),
    row(["---", "---", "---", "---", "---"]),
    ...foreign,
    "",
    "## Cells on which AWS's table is silent",
    "",
    ...bulleted(ROWS.flatMap(({ name, assumed }) => (assumed === undefined ? [] : [`${name}: ${assumed}.`]))),
    "",
    "## Assumptions",
    "",
    ...bulleted(ASSUMPTIONS),
    "",
    "## Gaps",
    "",
    ...bulleted(GAPS),
    "",
    ...peers(),
  ].join("\n")}\n`;
}

function answerAs(each: (typeof ROWS)[number], caller: CallerName, state: (typeof STATES)[number]): string {
  const answer = expectedAnswer(each, caller, state);
  const asOwner = caller !== "owner" && answer === expectedAnswer(each, "owner", state);
  return caller === "owner" || (asOwner && !caller.includes("suspended")) ? "as the owner" : String(answer);
}

/** What moto and LocalStack do otherwise: one line for each probe that one of them fails. */
function peers(): string[] {
  const [moto, localStack] = [Object.keys(MOTO_DEVIATIONS).length, Object.keys(LOCALSTACK_DEVIATIONS).length];
  const rows = PROBES.flatMap(({ id, aws }) => {
    const [one, other] = [MOTO_DEVIATIONS[id], LOCALSTACK_DEVIATIONS[id]?.does];
    return one === undefined && other === undefined ? [] : [row([aws, one ?? "as AWS", other ?? "as AWS"])];
  });
  return [
    "## What moto and LocalStack do otherwise",
    "",
    `The same ${PROBES.length} questions (\`packages/mock-aws/test/peers\`), asked through AWS's SDK of all three. This simulator answers all as AWS does; moto ${MOTO_VERSION} answers ${moto} otherwise, LocalStack ${LOCALSTACK_VERSION} ${localStack}. A test asserts each cell, and fails where one is mended.`,
    "",
    row(["AWS", "moto", "LocalStack"]),
    row(["---", "---", "---"]),
    ...rows,
  ];
}
