import type { RequestFailure } from "@ekm/client";
import type { ReactNode } from "react";
import { Button } from "../ui/button.js";
import { Notice } from "../ui/notice.js";
import { at } from "../words/times.js";
import type { Reading } from "./use-reading.js";

interface Props<Data> {
  readonly reading: Reading<Data>;
  /** What is being read, for those who hear the page. */
  readonly loading: string;
  /** The whole page waits for it. */
  readonly page?: boolean;
  readonly children: (data: Data) => ReactNode;
}

/** Loading, failed, old or there. */
export function Shown<Data>({ reading, loading, page = false, children }: Props<Data>) {
  const { data, failure, fetching, readAt, again } = reading;
  const frame = (content: ReactNode) => (page ? <main className="waiting">{content}</main> : content);
  if (data === undefined && failure !== null) {
    return frame(
      <Notice tone="bad" title="This could not be read">
        <p>{wordsOf(failure)}</p>
        <div className="row">
          <Button onPress={again} isPending={fetching}>
            Try again
          </Button>
        </div>
      </Notice>,
    );
  }
  if (data === undefined) return frame(<Skeleton label={loading} />);
  return (
    <>
      {failure === null ? null : (
        <Notice tone="warn" title="This may be old">
          <p>
            It was read at {readAt === null ? "" : at(readAt.toISOString())}, and could not be read again: {wordsOf(failure)}
          </p>
          <div className="row">
            <Button small onPress={again} isPending={fetching}>
              Try again
            </Button>
          </div>
        </Notice>
      )}
      {children(data)}
    </>
  );
}

function Skeleton({ label }: { readonly label: string }) {
  return (
    <div className="skeleton" role="status">
      <span className="hidden">{label} …</span>
      <i />
      <i />
      <i />
    </div>
  );
}

const HINTS: Partial<Record<RequestFailure["code"], string>> = {
  OFFLINE: "The service cannot be reached from here. Is the network there?",
  FORBIDDEN: "Your role does not allow this.",
};

export const wordsOf = ({ code, message, requestId }: RequestFailure): string =>
  `${HINTS[code] ?? message}${requestId === undefined ? "" : ` (request ${requestId})`}`;
