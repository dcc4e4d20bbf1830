// Module hooks of one planted bug. The line on stderr proves that the module was loaded with it.
import { writeSync } from "node:fs";

let plant;

export function initialize(data) {
  plant = data;
}

export async function load(url, context, nextLoad) {
  const loaded = await nextLoad(url, context);
  if (url !== plant.url) return loaded;
  writeSync(2, `planted ${plant.name}\n`);
  const text = Buffer.from(loaded.source).toString("utf8");
  return { ...loaded, source: text.replace(plant.find, () => plant.replace) };
}
