/** The situations in which a newcomer finds the demo's accounts; each stays so until somebody changes it. */
export const SITUATIONS = [
  "not activated",
  "activated",
  "enabled",
  "rotating",
  "rotation paused",
  "degraded",
  "key disabled",
  "key pending deletion",
  "access denied",
  "AWS account suspended",
  "locked",
] as const;
export type Situation = (typeof SITUATIONS)[number];

export interface DemoAccountSpec {
  readonly name: string;
  readonly situation: Situation;
  /** What it shows, and how to get it out of there. */
  readonly description: string;
}

export const DEMO_ACCOUNTS: readonly DemoAccountSpec[] = [
  {
    name: "Amber Textiles",
    situation: "not activated",
    description: "EKM does not exist for its admin: account.ekm is null. Support activates it.",
  },
  {
    name: "Birch Logistics",
    situation: "activated",
    description: "Support has activated EKM. The admin can read the grant template and the terms, validate a key and enable.",
  },
  {
    name: "Cobalt Health",
    situation: "enabled",
    description: "Under its own key, with a backup. Disable the key, start a restore, and see it fail; enable the key again.",
  },
  {
    name: "Dune Robotics",
    situation: "rotating",
    description: "A rotation that runs: a fault rule throttles ReEncrypt and holds it. `fault clear` lets it complete.",
  },
  {
    name: "Elm Insurance",
    situation: "rotation paused",
    description: "The old key was disabled before the rotation: it began paused, names that key, and goes on once it is enabled.",
  },
  {
    name: "Fjord Foods",
    situation: "degraded",
    description: "AWS throttles every use of its key. `fault clear` makes it healthy at the next probe.",
  },
  {
    name: "Granite Bank",
    situation: "key disabled",
    description: "Backup and restore fail with KEY_DISABLED. `key enable` mends it, with nothing lost.",
  },
  {
    name: "Harbor Media",
    situation: "key pending deletion",
    description: "AWS will delete the key. `key cancel-deletion` and then `key enable` save it.",
  },
  {
    name: "Iris Clinics",
    situation: "access denied",
    description: "The vendor was taken out of the key's policy. `key set-policy` with the grant template mends it.",
  },
  {
    name: "Juniper Travel",
    situation: "AWS account suspended",
    description: "AWS shows it as access denied, with suspension among the possible causes. `account reinstate` mends it.",
  },
  {
    name: "Kelp Energy",
    situation: "locked",
    description: "The admin locked the account's keys on our side. unlockAccountKeys undoes it.",
  },
];

export const slugOf = (name: string): string => name.toLowerCase().replaceAll(" ", "-");
