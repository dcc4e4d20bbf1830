import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import {
  buildSchema,
  type DocumentNode,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  print,
  visit,
} from "graphql";
import * as client from "../../src/index.js";

const SCHEMA = path.resolve(import.meta.dirname, "../../../../apps/gateway/schema.graphql");
const DOCUMENTS = path.resolve(import.meta.dirname, "../../documents");

export const readSchema = async (): Promise<GraphQLSchema> => buildSchema(await readFile(SCHEMA, "utf8"));

export interface Operation {
  readonly name: string;
  readonly kind: OperationDefinitionNode["operation"];
  readonly document: TypedDocumentNode<unknown, Record<string, unknown>>;
  /** Names of its variables that must be given. */
  readonly required: readonly string[];
}

/** Every generated document that can be sent. */
export const operations: readonly Operation[] = Object.entries(client)
  .filter(([name]) => name.endsWith("Document"))
  .map(([name, value]) => {
    const document = value as Operation["document"];
    const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION) as OperationDefinitionNode;
    const required = (operation.variableDefinitions ?? [])
      .filter(({ type }) => type.kind === Kind.NON_NULL_TYPE)
      .map(({ variable }) => variable.name.value);
    return { name: name.slice(0, -"Document".length), kind: operation.operation, document, required };
  });

export async function readDocuments(): Promise<string> {
  const names = (await readdir(DOCUMENTS)).filter((name) => name.endsWith(".graphql"));
  return (await Promise.all(names.map((name) => readFile(path.join(DOCUMENTS, name), "utf8")))).join("\n");
}

/** The document as text, with the type's name in every selection. */
export const withTypenames = (document: DocumentNode): string =>
  print(
    visit(document, {
      SelectionSet(node, _key, parent) {
        if (parent !== undefined && "kind" in parent && parent.kind === Kind.OPERATION_DEFINITION) return;
        const typename = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: "__typename" } } as const;
        return { ...node, selections: [...node.selections, typename] };
      },
    }),
  );

/** Notes, by the names of enum and type, every enum value that an answer holds. */
export function enumValuesIn(
  schema: GraphQLSchema,
  answer: unknown,
  note: (enumName: string, value: string, typename: string) => void,
): void {
  if (Array.isArray(answer)) for (const item of answer) enumValuesIn(schema, item, note);
  if (typeof answer !== "object" || answer === null) return;
  const { __typename } = answer as { readonly __typename?: string };
  const type = __typename === undefined ? undefined : schema.getType(__typename);
  for (const [name, value] of Object.entries(answer)) {
    const field = isObjectType(type) ? type.getFields()[name] : undefined;
    const named = field && getNamedType(field.type);
    if (isEnumType(named) && __typename !== undefined) {
      for (const each of [value].flat()) if (typeof each === "string") note(named.name, each, __typename);
    } else enumValuesIn(schema, value, note);
  }
}

/** Inputs that reach something, by the names of their fields. */
const INPUT: Record<string, unknown> = {
  name: "Acme Two",
  reason: "drill",
  keyArn: "arn:aws:kms:eu-west-1:444455556666:key/another",
  acceptedTermsVersion: "2026-01",
  confirmIrreversible: true,
  kind: "DIRECTORY",
  location: "/srv/x",
  url: "https://hooks.example.com/other",
};

/** What a mutation needs at least: with ids of these where it names something, or else of nothing. */
export function inputOf(schema: GraphQLSchema, operation: Operation, ids: readonly string[] = []): Record<string, unknown> {
  const field = schema.getMutationType()?.getFields()[operation.name.charAt(0).toLowerCase() + operation.name.slice(1)];
  const input = field?.args[0]?.type.toString().replace("!", "") ?? "";
  const type = schema.getType(input) as unknown as { getFields(): Record<string, { type: { toString(): string } }> };
  const prefixes: Record<string, string> = {
    sourceId: "src_",
    backupId: "bkp_",
    rotationId: "rot_",
    jobId: "rst_",
    accountId: "acc_",
    webhookId: "whk_",
    deliveryId: "whd_",
  };
  return Object.fromEntries(
    Object.entries(type.getFields())
      .filter(([, { type: fieldType }]) => fieldType.toString().endsWith("!"))
      .map(([name]) => {
        const prefix = prefixes[name];
        const id = prefix === undefined ? undefined : ids.find((each) => each.startsWith(prefix));
        return [name, prefix === undefined ? INPUT[name] : (id ?? `${prefix}none`)];
      }),
  );
}
