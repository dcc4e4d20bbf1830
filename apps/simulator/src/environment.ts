/** The only place that reads `process.env`. */
export interface Environment {
  /** The token file to use where `--tokens` is not given. */
  readonly tokens: string | undefined;
  /** What a child process needs of ours to run at all; the rest of our environment is none of its business. */
  readonly inherited: Readonly<Record<string, string>>;
}

const INHERITED = ["PATH", "HOME", "TMPDIR", "LANG", "TZ"];

export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  const inherited = INHERITED.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  return { tokens: env["EKM_SIM_TOKENS"], inherited: Object.fromEntries(inherited) };
}
