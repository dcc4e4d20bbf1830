import type { Plant } from "../plant.js";

export const anybodyActivates: Plant = {
  name: "anybody-activates",
  breaks: "a tenant's admin may activate EKM, which is support's to do",
  file: "packages/ekm/dist/access/roles.js",
  find: "activateEkm: SUPPORT,",
  replace: "activateEkm: EVERYONE,",
  caughtBy: [
    {
      experiment: "happy-path",
      phase: "method",
      step: "activate EKM for acme",
      happened: /accepted/,
      given: { bytes: 1_000_000 },
    },
  ],
};
