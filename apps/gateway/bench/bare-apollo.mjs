// The peer: Apollo Server on the same HTTP server, with `{ hello }` and nothing else.
import { ApolloServer } from "@apollo/server";
import { fastifyApolloHandler } from "@as-integrations/fastify";
import { fastify } from "fastify";

const apollo = new ApolloServer({
  typeDefs: "type Query { hello: String! }",
  resolvers: { Query: { hello: () => "world" } },
  nodeEnv: "production",
});
await apollo.start();
const server = fastify();
server.route({ method: ["GET", "POST"], url: "/graphql", handler: fastifyApolloHandler(apollo) });
const url = await server.listen({ host: "127.0.0.1", port: 0 });
process.stdout.write(`${JSON.stringify({ event: "ready", url })}\n`);
