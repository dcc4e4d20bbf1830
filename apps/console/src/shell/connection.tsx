import { useLive } from "../reading/live.js";
import { Pill } from "../ui/pill.js";

export function Connection() {
  const { connected } = useLive();
  return (
    <span role="status" className="connection">
      {connected ? <Pill tone="good">Live</Pill> : <Pill tone="warn">Reconnecting</Pill>}
    </span>
  );
}
