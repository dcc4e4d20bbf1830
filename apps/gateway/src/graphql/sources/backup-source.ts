import type { BackupSourceKind } from "@ekm/ekm";
import { Field, ObjectType } from "type-graphql";
import { connectionType } from "../relay/connection.js";
import { Node } from "../relay/node.js";
import { enumOf } from "../scalars/enum-of.js";

export const BackupSourceKindEnum = enumOf("BackupSourceKind", ["DIRECTORY", "SALESFORCE_EXPORT"]);

@ObjectType("BackupSource", { implements: Node, simpleResolvers: true })
export class BackupSourceView extends Node {
  declare readonly __typename: "BackupSource";

  @Field(() => String)
  readonly name!: string;

  @Field(() => BackupSourceKindEnum)
  readonly kind!: BackupSourceKind;

  @Field(() => String)
  readonly location!: string;
}

export const BackupSourceConnection = connectionType("BackupSource", () => BackupSourceView);
