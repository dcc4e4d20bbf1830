import type { Answer, Session } from "./graphql.js";

export interface AuditEvent {
  readonly sequence: string;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly outcome: "DONE" | "REFUSED" | "FAILED";
  readonly subject: string | null;
  readonly detail: string;
  readonly awsRequestIds: readonly string[];
  readonly hash: string;
  readonly previousHash: string;
}
interface Page {
  readonly nodes: readonly AuditEvent[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

const MOST_PAGES = 50;

/** The whole audit log of an account, oldest first; null where the caller may not see the account. `action`: only these. */
export async function readAuditLog(session: Session, id: string, action?: string): Promise<Answer<readonly AuditEvent[] | null>> {
  const events: AuditEvent[] = [];
  let after: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer: Answer<{ account: { auditLog: Page } | null }> = await session.request(
      "ReadAuditLog",
      `query ReadAuditLog($id: ID, $after: String, $action: AuditAction) { account(id: $id) {
        auditLog(first: 100, after: $after, action: $action) {
          nodes { sequence at actor action outcome subject detail awsRequestIds hash previousHash }
          pageInfo { hasNextPage endCursor } } } }`,
      { id, after, action },
    );
    if (!answer.ok) return answer;
    if (!answer.data.account) return { ok: true, data: null };
    const { nodes, pageInfo }: Page = answer.data.account.auditLog;
    events.push(...nodes);
    if (!pageInfo.hasNextPage) break;
    after = pageInfo.endCursor;
  }
  return { ok: true, data: events.sort((a, b) => (BigInt(a.sequence) < BigInt(b.sequence) ? -1 : 1)) };
}
