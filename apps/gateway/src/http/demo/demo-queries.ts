/** Something to paste into the explorer. `as`: whose token it needs. */
export interface DemoQuery {
  readonly title: string;
  readonly as: "ACCOUNT_ADMIN" | "BACKUP_OPERATOR" | "SUPPORT";
  readonly query: string;
}

export const DEMO_QUERIES: readonly DemoQuery[] = [
  {
    title: "The account's settings, its key and how the key is",
    as: "ACCOUNT_ADMIN",
    query: `query Settings {
  account {
    id
    name
    keyManagement
    keyLock { lockedAt lockedBy reason }
    ekm {
      status
      vendorAwsAccountId
      revocationWindowSeconds
      key { arn health { state since problem { code message remedy possibleCauses } } }
      activeRotation { id status rewrapped total problem { code keyArn } }
      impact { backups bytes generations }
    }
  }
}`,
  },
  {
    title: "Probe the key now (disable it in AWS first, and see what the product says)",
    as: "ACCOUNT_ADMIN",
    query: `mutation Probe {
  checkKeyHealth(input: {}) {
    health { state problem { code message remedy } }
    userErrors { code message remedy }
  }
}`,
  },
  {
    title: "Backups, newest first, and where they come from",
    as: "BACKUP_OPERATOR",
    query: `query Backups {
  account {
    sources { nodes { id name kind location } }
    backups(first: 5) {
      nodes { id status bytes protectedBy keyArn restorable progress { bytesDone bytesTotal } problem { code remedy } }
    }
  }
}`,
  },
  {
    title: "Start a backup (put the id of a source in the variables)",
    as: "BACKUP_OPERATOR",
    query: `mutation Backup($source: ID!) {
  startBackup(input: { sourceId: $source }) {
    backup { id status }
    userErrors { code message remedy }
  }
}`,
  },
  {
    title: "Restore a backup (put the id of a backup in the variables)",
    as: "BACKUP_OPERATOR",
    query: `mutation Restore($backup: ID!) {
  startRestore(input: { backupId: $backup }) {
    restore { id status target }
    userErrors { code message remedy }
  }
}`,
  },
  {
    title: "Stop all use of the keys on our side, within a second (unlockAccountKeys undoes it)",
    as: "ACCOUNT_ADMIN",
    query: `mutation Lock {
  lockAccountKeys(input: { reason: "Trying it out" }) {
    account { keyLock { lockedAt lockedBy reason } }
    userErrors { code message remedy }
  }
}`,
  },
  {
    title: "Who did what",
    as: "ACCOUNT_ADMIN",
    query: `query Audit {
  account {
    auditLog(first: 20) { nodes { sequence at actor action outcome detail } }
  }
}`,
  },
  {
    title: "All accounts, as support sees them",
    as: "SUPPORT",
    query: `query Accounts {
  accounts(first: 50) {
    nodes { id name keyManagement ekm { status key { health { state problem { code } } } } }
  }
}`,
  },
];
