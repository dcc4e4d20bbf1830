import { Field, ObjectType } from "type-graphql";

@ObjectType({ simpleResolvers: true, description: "Where a page lies in its list." })
export class PageInfo {
  @Field(() => Boolean, { description: "There is more behind `endCursor`." })
  readonly hasNextPage!: boolean;

  @Field(() => Boolean, {
    description: "The page was asked for with `after`: there is something before it, unless that has gone since.",
  })
  readonly hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: "The cursor of the first item. Null on an empty page." })
  readonly startCursor!: string | null;

  @Field(() => String, { nullable: true, description: "Pass it as `after` for the next page. Null on an empty page." })
  readonly endCursor!: string | null;
}
