import { useEffect, useState } from "react";
import { Button } from "./button.js";

const SAID_MS = 2_000;

interface Props {
  readonly text: string;
  /** What is copied: "Copy the key's ARN". */
  readonly what: string;
}

export function Copy({ text, what }: Props) {
  const [said, setSaid] = useState<string | null>(null);
  useEffect(() => {
    if (said === null) return;
    const timer = setTimeout(() => setSaid(null), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = () => {
    // Without https the clipboard is closed to pages.
    const written = navigator.clipboard === undefined ? Promise.reject(new Error("closed")) : navigator.clipboard.writeText(text);
    written.then(
      () => setSaid("Copied"),
      () => setSaid("Select it by hand"),
    );
  };
  return (
    <>
      <Button small onPress={copy} aria-label={`${said === "Copied" ? "Copied" : "Copy"} ${what}`}>
        <span className="same-width">{said === "Copied" ? "Copied" : "Copy"}</span>
      </Button>
      <span role="status" className={said === null || said === "Copied" ? "hidden" : "muted"}>
        {said === "Copied" ? `Copied ${what}` : said}
      </span>
    </>
  );
}

/** A value that is copied as a whole: an id, an ARN. */
export function Value({ text, what }: Props) {
  return (
    <span className="value">
      <code>{text}</code> <Copy text={text} what={what} />
    </span>
  );
}

/** A text of several lines that is copied as a whole. */
export function Block({ text, what }: Props) {
  return (
    <div className="block">
      <div className="block-head">
        <Copy text={text} what={what} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="scrolls" tabIndex={0} aria-label={what}>
        <pre>
          <code>{text}</code>
        </pre>
      </section>
    </div>
  );
}
