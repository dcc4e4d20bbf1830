import { Field, ID, InterfaceType } from "type-graphql";

/** Presenters set `__typename`, by which GraphQL tells the implementations apart. */
@InterfaceType({ resolveType: (value: Node) => value.__typename })
export abstract class Node {
  readonly __typename!: string;

  @Field(() => ID)
  readonly id!: string;
}
