import { Button } from "./button.js";

/** The API gives at most so many at a time. */
const MOST = 100;

interface Props {
  readonly has: boolean;
  readonly shown: number;
  readonly isReading: boolean;
  readonly onMore: () => void;
}

export function More({ has, shown, isReading, onMore }: Props) {
  if (!has) return null;
  if (shown >= MOST) return <p className="muted">The newest {shown} are shown; the API has the rest.</p>;
  return (
    <div className="row">
      <Button onPress={onMore} isPending={isReading}>
        Show more
      </Button>
    </div>
  );
}
