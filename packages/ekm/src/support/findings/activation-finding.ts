import type { CaseFile } from "../case-file.js";
import type { Finding } from "../diagnosis.js";
import { inLine, instant } from "../wording.js";

const OUR_KEY = "Until EKM is enabled, backups and restores run under our own key of this account.";
const NO_WAY_BACK = "Enabling is irreversible: there is no way back to Cloud Key Management.";

/** Where an account stands on its way to EKM; null once it is enabled. */
export function activationFinding({ account }: CaseFile): Finding | null {
  const { ekm } = account;
  if (ekm.status === "NOT_ACTIVATED") return ekm.lapsedAt === undefined ? notActivated() : lapsed(ekm.lapsedAt);
  if (ekm.status !== "ACTIVATED") return null;
  const { activatedAt, activatedBy, ticket, expiresAt } = ekm.activation;
  const named = ticket === undefined ? "" : `, ticket ${inLine(ticket, 200)}`;
  const until = expiresAt === undefined ? "The activation does not lapse." : `The activation lapses at ${instant(expiresAt)}.`;
  return {
    state: "ACTIVATION_UNUSED",
    summary: `EKM is activated (by ${inLine(activatedBy, 100)}${named}) and not enabled yet. ${until} ${OUR_KEY}`,
    since: activatedAt,
    causes: [],
    customerSteps: [
      {
        text: "An admin of the account opens the EKM settings, grants our AWS account the use of a key with the grant template, and has the key checked (validateKmsKey).",
      },
      { text: `When every check passes, the admin accepts the terms and enables EKM (enableEkm). ${NO_WAY_BACK}` },
    ],
    supportSteps: [
      "Support can set another expiry (activateEkm again) or withdraw the activation (withdrawEkmActivation), both before enabling only.",
      "Support cannot enable EKM for the customer.",
    ],
    promise: expiresAt === undefined ? OUR_KEY : `${OUR_KEY} If it lapses, nothing is lost: support activates it again.`,
  };
}

function notActivated(): Finding {
  return {
    state: "NOT_ACTIVATED",
    summary: `EKM is not activated for this account. ${OUR_KEY}`,
    causes: [],
    customerSteps: [],
    supportSteps: ["If the customer has ordered EKM: activate it (activateEkm) and name the ticket."],
    promise: "Activation alone changes no key: the admin enables EKM afterwards.",
  };
}

function lapsed(at: Date): Finding {
  return {
    state: "ACTIVATION_LAPSED",
    summary: `The activation of EKM was not used in time and lapsed at ${instant(at)}. ${OUR_KEY}`,
    since: at,
    causes: [],
    customerSteps: [{ text: "If EKM is still wanted: ask support to activate it again, then enable it before the new date." }],
    supportSteps: ["If the customer still wants EKM: activate it again (activateEkm), with a later expiry, and name the ticket."],
    promise: "Nothing was lost or changed by the lapse.",
  };
}
