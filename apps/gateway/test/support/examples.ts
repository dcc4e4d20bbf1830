import type { Role } from "@ekm/ekm";

export interface Example {
  readonly name: string;
  readonly role: Role;
  readonly query: string;
}

/** The GraphQL in a document whose first line is a comment with the role that asks. */
export function examplesIn(markdown: string): readonly Example[] {
  return [...markdown.matchAll(/^```graphql\n(# ([A-Z_]+)\n[\s\S]*?)^```$/gm)].map(([, query = "", role]) => ({
    name: /(?:query|mutation) (\w+)/.exec(query)?.[1] ?? "",
    role: role as Role,
    query,
  }));
}
