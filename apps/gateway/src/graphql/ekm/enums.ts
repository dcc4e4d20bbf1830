import { enumOf } from "../scalars/enum-of.js";

export const EkmStatusEnum = enumOf(
  "EkmStatus",
  ["ACTIVATED", "ENABLED", "ROTATING"],
  "Where Enterprise Key Management of an account stands. There is no way back from ENABLED.",
  {
    ACTIVATED: "Support has opened it; our own key still protects the account.",
    ENABLED: "The customer's key protects the account.",
    ROTATING: "The account is on its way to another key; until the switch the former one protects it.",
  },
);
