import type { BackupSourceKind } from "@ekm/ekm";
import { Field, ObjectType } from "type-graphql";
import { connectionType } from "../relay/connection.js";
import { Node } from "../relay/node.js";
import { enumOf } from "../scalars/enum-of.js";

export const BackupSourceKindEnum = enumOf(
  "BackupSourceKind",
  ["DIRECTORY", "SALESFORCE_EXPORT"],
  "What a source holds. Either is read file by file.",
  {
    DIRECTORY: "A directory of any files.",
    SALESFORCE_EXPORT: "A directory with a Salesforce data export.",
  },
);

@ObjectType("BackupSource", { implements: Node, simpleResolvers: true, description: "Something that can be backed up." })
export class BackupSourceView extends Node {
  declare readonly __typename: "BackupSource";

  @Field(() => String, { description: "As the admin gave it. Not unique." })
  readonly name!: string;

  @Field(() => BackupSourceKindEnum, { description: "What it holds." })
  readonly kind!: BackupSourceKind;

  @Field(() => String, { description: "An absolute path under one of the service's allowed roots." })
  readonly location!: string;
}

export const BackupSourceConnection = connectionType("BackupSource", () => BackupSourceView);
