import type { Effect } from "../exchange.js";
import type { EffectName } from "../rule.js";
import { blackHole } from "./black-hole.js";
import { delay } from "./delay.js";
import { error } from "./error.js";
import { html } from "./html.js";
import { reset } from "./reset.js";
import { stale } from "./stale.js";
import { truncate } from "./truncate.js";
import { wrongKey } from "./wrong-key.js";

const EFFECTS: Readonly<Record<EffectName, Effect>> = {
  error,
  reset,
  "black-hole": blackHole,
  truncate,
  html,
  "wrong-key": wrongKey,
  stale,
  delay,
};

export function effectNamed(name: EffectName): Effect {
  return EFFECTS[name];
}
