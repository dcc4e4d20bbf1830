import type { BackupSource } from "@ekm/ekm";
import type { BackupSourceView } from "./backup-source.js";

export const presentSource = (source: BackupSource): BackupSourceView => ({
  __typename: "BackupSource",
  id: source.id,
  name: source.name,
  kind: source.kind,
  location: source.location,
});
