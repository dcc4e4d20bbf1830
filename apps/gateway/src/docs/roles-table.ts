import { OPEN_OPERATIONS, ROLES_BY_OPERATION, type Role } from "@ekm/ekm";

const COLUMNS: readonly Role[] = ["ACCOUNT_ADMIN", "BACKUP_OPERATOR", "ACCOUNT_VIEWER", "SUPPORT"];
const BEGIN = "<!-- roles: written by `npm run docs -w @ekm/gateway`, do not edit -->";
const END = "<!-- roles: end -->";

const row = (name: string, cells: readonly string[]) => `| ${[name, ...cells].join(" | ")} |`;

/** Who may ask for what: `own` is the account that the token names, `any` is every account. */
function table(): string {
  const granted = Object.entries(ROLES_BY_OPERATION).map(([operation, roles]: [string, readonly Role[]]) =>
    row(
      `\`${operation}\``,
      [...COLUMNS.map((role) => (roles.includes(role) ? (role === "SUPPORT" ? "any" : "own") : "")), ""].map(
        (cell) => cell || "–",
      ),
    ),
  );
  const open = OPEN_OPERATIONS.map((operation) => row(`\`${operation}\``, [...COLUMNS.map(() => "yes"), "yes"]));
  const head = row("operation", [...COLUMNS.map((role) => `\`${role}\``), "no role"]);
  return [
    head,
    row(
      "---",
      [...COLUMNS, ""].map(() => "---"),
    ),
    ...granted,
    ...open,
  ].join("\n");
}

/** The document with the table as the code has it. Throws where its place is not marked. */
export function withRolesTable(document: string): string {
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error("the place of the table of roles is not marked");
  return `${document.slice(0, begin)}${BEGIN}\n${table()}\n${document.slice(end)}`;
}
