/** The end of a command's help: each line a command that can be typed, with what it does after `#`. */
export const examples = (...lines: readonly string[]): string => `\nExamples:\n${lines.map((line) => `  ${line}`).join("\n")}`;
