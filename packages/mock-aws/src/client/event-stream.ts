/** Reads server-sent events from text as it arrives: `onData` gets the data of each event. */
export function parseEventStream(onData: (data: string) => void): (text: string) => void {
  let rest = "";
  return (text) => {
    const blocks = (rest + text).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const data = block
        .split("\n")
        .filter((line) => line.startsWith("data:"))
        .map((line) => line.slice(5).trimStart());
      if (data.length > 0) onData(data.join("\n"));
    }
  };
}
