import { Field, ID, InterfaceType } from "type-graphql";

/** Presenters set `__typename`, by which GraphQL tells the implementations apart. */
@InterfaceType({
  resolveType: (value: Node) => value.__typename,
  description: "Whatever has an id of its own and can be asked for by it.",
})
export abstract class Node {
  readonly __typename!: string;

  @Field(() => ID, {
    description: "Unique among everything there is. Its prefix tells the kind, for example `bkp_`; do not take it apart further.",
  })
  readonly id!: string;
}
