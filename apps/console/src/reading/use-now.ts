import { useEffect, useState } from "react";

const SECOND = 1_000;

/** The time, each second: for what is counted down, or said relative to now. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), SECOND);
    return () => clearInterval(timer);
  }, []);
  return now;
}
