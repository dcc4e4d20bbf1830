import { writeFileSync } from "node:fs";

const shown = (value) => (value === null ? "not installed" : value >= 10 ? Math.round(value) : Number(value.toFixed(2)));

/** `{name, unit, value, peer, peerValue, ratio}`; a peer that is not installed has null for its value. */
export const row = (name, unit, value, peer, peerValue) => ({
  ...{ name, unit, value, peer, peerValue },
  ratio: peerValue === null ? null : value / peerValue,
});

export function report(rows) {
  console.table(
    rows.map((one) => ({
      ...one,
      value: shown(one.value),
      peerValue: shown(one.peerValue),
      ratio: one.ratio?.toFixed(2) ?? "-",
    })),
  );
  const json = process.argv.indexOf("--json");
  if (json > 0) writeFileSync(process.argv[json + 1], `${JSON.stringify(rows, null, 2)}\n`);
}
