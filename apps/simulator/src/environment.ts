/** The only place that reads `process.env`. */
export interface Environment {
  /** The token file to use where `--tokens` is not given. */
  readonly tokens: string | undefined;
  /** TERM: `dumb` can overwrite no line. */
  readonly terminal: string | undefined;
  /** Set by GitHub Actions: the checkout, and the file for the step's summary. */
  readonly github: { readonly workspace: string | undefined; readonly summaryFile: string | undefined };
  /** What a child process needs of ours to run at all; the rest of our environment is none of its business. */
  readonly inherited: Readonly<Record<string, string>>;
}

const INHERITED = ["PATH", "HOME", "TMPDIR", "LANG", "TZ"];

export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  const inherited = INHERITED.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  const github = { workspace: env["GITHUB_WORKSPACE"], summaryFile: env["GITHUB_STEP_SUMMARY"] };
  return { tokens: env["EKM_SIM_TOKENS"], terminal: env["TERM"], github, inherited: Object.fromEntries(inherited) };
}
