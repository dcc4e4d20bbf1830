export interface GraphQLAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers whose shape their own query fixes
  readonly data: any;
  readonly errors: readonly { message: string; path?: string[]; extensions: Record<string, unknown> }[];
}

/** A client over real HTTP. */
export const clientOf = (url: string) => ({
  async ask(
    query: string,
    { token, variables = {}, headers = {} }: { token?: string; variables?: object; headers?: Record<string, string> } = {},
  ): Promise<GraphQLAnswer> {
    const response = await fetch(`${url}/graphql`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/graphql-response+json, application/json;q=0.9",
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: JSON.stringify({ query, variables }),
    });
    const { data = null, errors = [] } = (await response.json()) as Partial<GraphQLAnswer>;
    return { status: response.status, headers: response.headers, data, errors };
  },
});
