import { reinstateAccount, suspendAccount } from "./accounts.js";
import type { Act } from "./act.js";
import { removeRule, setFault } from "./faults.js";
import { restoreGrant, revokeGrant } from "./grants.js";
import { cancelDeletion, disableKey, enableKey, scheduleDeletion } from "./keys.js";
import type { Done, Place } from "./place.js";
import { repairAccount, repairAll } from "./repair.js";

/** Throws Refused where it cannot be done. */
export function perform(place: Place, act: Act): Promise<Done> {
  switch (act.act) {
    case "disable-key":
      return disableKey(place, act.arn);
    case "enable-key":
      return enableKey(place, act.arn);
    case "schedule-deletion":
      return scheduleDeletion(place, act.arn, act.days);
    case "cancel-deletion":
      return cancelDeletion(place, act.arn);
    case "revoke-grant":
      return revokeGrant(place, act.arn);
    case "restore-grant":
      return restoreGrant(place, act.arn);
    case "set-fault":
      return setFault(place, act.arn, act);
    case "suspend-account":
      return suspendAccount(place, act.id, act.profile);
    case "reinstate-account":
      return reinstateAccount(place, act.id);
    case "remove-rule":
      return removeRule(place, act.rule);
    case "repair-account":
      return repairAccount(place, act.id);
    case "repair-all":
      return repairAll(place);
  }
}
