import type { Settings } from "../../ports/ports.js";
import type { CustomerStep } from "../diagnosis.js";
import { duration } from "../wording.js";

export const CHECK_NOW: CustomerStep = {
  text: "Then an admin of the account chooses Check key now in the EKM settings (checkKeyHealth), or you wait for our next look at it.",
};

/** Once nothing is in the way any more. */
export const healsByItself = ({ healthIntervalSeconds }: Pick<Settings, "healthIntervalSeconds">): string =>
  `Our next look at the key comes within one health interval (${duration(healthIntervalSeconds)}); AWS itself may take some minutes to make a change visible. From then on new backups and restores work again by themselves, and nothing that was backed up before is lost. What has failed meanwhile does not start again by itself.`;

export const START_AGAIN: CustomerStep = {
  text: "Start the backups and restores that failed once more: they do not start again by themselves.",
};
