import { z } from "zod";
import { definition } from "../../../experiments/fields.js";
import type { TimedAct } from "../acts-step.js";

const schema = z
  .strictObject({
    setQuotas: z.union([z.literal("off"), z.record(z.string(), z.number().positive())]),
    as: definition.optional(),
  })
  .meta({
    description: "AWS's requests a second by quota, such as Cryptographic: 5; those not named are AWS's own. off: no throttling.",
  });

export const setQuotas: TimedAct<z.infer<typeof schema>> = {
  key: "setQuotas",
  schema,
  reach: () => "whole-stack",
  describe: (step) => (step.setQuotas === "off" ? "no quotas" : `quotas ${JSON.stringify(step.setQuotas)}`),
  async run({ setQuotas: given }, world) {
    const { quotas } = world.target.control;
    world.atEnd(async () => void (await quotas.set({ enabled: false })));
    await quotas.set(given === "off" ? { enabled: false } : { perSecond: given });
    return Date.now();
  },
};
