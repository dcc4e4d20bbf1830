/** Where AWS's documents and recordings leave something open, and what this simulator does. */
export const ASSUMPTIONS: readonly string[] = [
  "PendingDeletion is documented with both DisabledException and KMSInvalidStateException; the latter is the default, the control interface switches a key to the other.",
  "AWS documents no answer for keys of a suspended or closed account: profiles choose, the default is the generic cross-account AccessDeniedException. PENDING_CLOSURE behaves as ACTIVE.",
  "Authorisation comes before the key's state, and both before the ciphertext is looked at.",
  "ReEncryptFrom and ReEncryptTo are each judged with their own encryption context.",
  "A statement with a policy variable that has no value, or several, does not apply, be it Allow or Deny.",
  "A caller whose own identity policies refuse it on another account's key is told so, with the key's ARN.",
  "An alias ARN where a key is wanted is InvalidArnException; an alias name is NotFoundException `Invalid keyId`.",
  "The texts of: an alias's prefix, UpdateAlias to another kind of key, ReplicateKey where a key exists, a limit on a grant's constraints, GetPublicKey of a symmetric key, rotation of a key pair. Their exception names are documented.",
  "On-demand rotation: at most 10 per key, which is what AWS's texts said first; later ones say 25.",
  "Quotas are the figures of AWS's developer guide for the smaller Regions; a bucket holds one second's worth.",
  "The order of names in `Member must satisfy enum value set: [...]` is AWS's where a recording was found, else ours.",
];

/** What AWS does and this simulator does not. */
export const GAPS: readonly string[] = [
  "AWS managed keys (`alias/aws/...`) do not exist.",
  "SM2, ML-DSA and Ed25519 key specs are refused as values that do not exist, a request with a Nitro Enclave's `Recipient` by a ValidationException of our own.",
  "PutKeyPolicy does not check that a principal exists, and does not replace a deleted role by its unique id.",
  "NotPrincipal with Deny is taken literally; AWS also wants the account and role of a session listed.",
  "Permissions boundaries, service and resource control policies, VPC endpoint policies, service principals and federated users.",
  "aws:SourceIp, aws:SourceVpc, aws:SourceVpce, aws:MultiFactorAuthPresent, aws:CalledVia and kms:RecipientAttestation are always absent. kms:ViaService is what the control interface says of a principal.",
  "States that AWS passes through in seconds take no time: Creating and Updating of multi-Region keys, connecting a custom key store, a rotation in progress. The control interface puts a key into them.",
  "Custom key stores check nothing of the cluster or proxy behind them, and UpdateCustomKeyStore changes the name alone.",
  "Deleting imported material deletes all of a key's materials; AWS can delete one of several.",
  "Quotas for resources (keys, aliases, grants per key) do not exist, and ReEncrypt counts once.",
  "`stateFile` keeps accounts, keys with their material, aliases, grants, key stores and the clock; faults, quotas, events, roles' sessions and import tokens do not outlive the process.",
  "CloudWatch, and CloudTrail as a service: `/_simulator/events` has every call and change, `/_simulator/cloudtrail/ACCOUNT` a log file.",
];
