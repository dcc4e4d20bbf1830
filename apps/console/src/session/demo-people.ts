export interface DemoAccount {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly tokens: Readonly<Record<string, string>>;
}

export interface DemoPeople {
  readonly accounts: readonly DemoAccount[];
  readonly supportToken: string | null;
}

/** Null while the stack is still setting its accounts up. */
export async function readDemoPeople(url: string): Promise<DemoPeople | null> {
  const answer = await fetch(url, { cache: "no-store" }).catch(() => null);
  return answer?.ok === true ? ((await answer.json()) as DemoPeople) : null;
}
