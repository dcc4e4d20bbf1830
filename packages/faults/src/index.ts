export { effectNamed } from "./effects/index.js";
export type { Answer, Effect, Exchange, Variation } from "./exchange.js";
export type { FaultCall } from "./match.js";
export { type ParsedRules, parseFaultRules } from "./parse-rules.js";
export { createFaultPlan, type Decision, type FaultPlan, type FaultPlanOptions } from "./plan.js";
export { EFFECT_NAMES, type EffectName, type FaultError, type FaultRule, type RuleEffect } from "./rule.js";
export { seededRandom } from "./seeded-random.js";
