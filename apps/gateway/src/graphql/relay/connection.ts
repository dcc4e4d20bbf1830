import type { Page, PageRequest } from "@ekm/ekm";
import { type ClassType, Field, ObjectType } from "type-graphql";
import { BigIntString } from "../scalars/big-int.js";
import { type CursorKind, encodeCursor } from "./cursor.js";
import { PageInfo } from "./page-info.js";

export interface Edge<T> {
  readonly cursor: string;
  readonly node: T;
}

export interface Connection<T> {
  readonly edges: readonly Edge<T>[];
  readonly nodes: readonly T[];
  readonly pageInfo: PageInfo;
  /** A function, which GraphQL calls only when the field is asked for. */
  readonly totalCount?: () => Promise<bigint>;
}

/** The Relay types `<name>Edge` and `<name>Connection`. */
export function connectionType<T extends object>(
  name: string,
  nodeType: () => ClassType<T>,
  { counted }: { counted: boolean } = { counted: true },
): ClassType<Connection<T>> {
  @ObjectType(`${name}Edge`, { simpleResolvers: true, description: "An item of a list, and its place there." })
  class EdgeType {
    @Field(() => String, {
      description: "Pass it as `after` for what comes behind this item. Opaque; it stays good when other items go.",
    })
    readonly cursor!: string;

    @Field(nodeType, { description: "The item." })
    readonly node!: T;
  }

  @ObjectType(`${name}Connection`, { simpleResolvers: true, description: "A page of a list, newest first." })
  class ConnectionType {
    @Field(() => [EdgeType], { description: "The items of the page with their cursors." })
    readonly edges!: readonly Edge<T>[];

    @Field(() => [nodeType()], { description: "The items of the page, for clients that page by `pageInfo` alone." })
    readonly nodes!: readonly T[];

    @Field(() => PageInfo, { description: "Where the page lies in the list." })
    readonly pageInfo!: PageInfo;
  }
  if (!counted) return ConnectionType;

  Field(() => BigIntString, {
    nullable: true,
    description: "The size of the whole list, not of the page. Counted only when asked for.",
  })(ConnectionType.prototype, "totalCount");
  return ConnectionType;
}

export interface PresentedPage<D, V> {
  readonly kind: CursorKind;
  readonly request: PageRequest;
  readonly page: Page<D> & { readonly totalCount?: () => Promise<bigint> };
  readonly present: (item: D) => V;
}

export function presentPage<D extends { readonly id: string }, V>({
  kind,
  request,
  page,
  present,
}: PresentedPage<D, V>): Connection<V> {
  const edges = page.items.map((item) => ({ cursor: encodeCursor(kind, item.id), node: present(item) }));
  return {
    edges,
    nodes: edges.map((edge) => edge.node),
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: request.after !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    ...(page.totalCount === undefined ? {} : { totalCount: page.totalCount }),
  };
}
