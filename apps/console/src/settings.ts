export interface Settings {
  /** URL of the API; a path is one of this origin. */
  readonly api: string;
  /** Where a development stack lists its people; null elsewhere. */
  readonly demo: string | null;
}

/** Written beside the page by whoever serves it. What cannot be read is as a console served by its own gateway. */
export async function readSettings(): Promise<Settings> {
  const usual: Settings = { api: "/graphql", demo: null };
  const answer = await fetch("/console/settings.json").catch(() => null);
  if (answer?.ok !== true) return usual;
  const given = (await answer.json().catch(() => ({}))) as Partial<Record<keyof Settings, unknown>>;
  return {
    api: typeof given.api === "string" ? given.api : usual.api,
    demo: typeof given.demo === "string" ? given.demo : null,
  };
}
