/** Asks for a change; answers what was done, in words. Throws an Error whose message is for people. */
export async function change(path, body) {
  let response;
  try {
    response = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Error("The simulator does not answer. Is it still running?");
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.message ?? `The simulator answered ${response.status}.`);
  return answer.said;
}

export async function experiments() {
  const response = await fetch("/_panel/experiments");
  if (!response.ok) throw new Error(`The catalogue cannot be read: the simulator answered ${response.status}.`);
  return response.json();
}

const AGAIN_MS = 2_000;

/** Events of the simulator for as long as the page is open. `heard` maps an event's name to who wants it. */
export function listen(heard, connected) {
  const source = new EventSource("/_panel/stream");
  source.onopen = () => connected(true);
  source.onerror = () => {
    connected(false);
    if (source.readyState !== EventSource.CLOSED) return;
    setTimeout(() => listen(heard, connected), AGAIN_MS);
  };
  for (const [name, hear] of Object.entries(heard)) {
    source.addEventListener(name, (event) => hear(JSON.parse(event.data)));
  }
}
