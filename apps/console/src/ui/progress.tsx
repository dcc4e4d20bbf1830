import { Label } from "react-aria-components/Label";
import { ProgressBar } from "react-aria-components/ProgressBar";

interface Props {
  readonly label: string;
  readonly done: number;
  /** Null: not known yet. */
  readonly total: number | null;
  readonly text: string;
}

export function Progress({ label, done, total, text }: Props) {
  const unknown = total === null;
  return (
    <ProgressBar
      className="progress"
      minValue={0}
      maxValue={Math.max(total ?? 1, 1)}
      value={done}
      isIndeterminate={unknown}
      valueLabel={text}
    >
      <span className="row between tight">
        <Label>{label}</Label>
        <span className="muted">{text}</span>
      </span>
      <svg className={unknown ? "bar unknown" : "bar"} viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <rect className="rail" width="100" height="6" />
        <rect className="fill" width={unknown ? 30 : (100 * Math.min(done, total)) / Math.max(total, 1)} height="6" />
      </svg>
    </ProgressBar>
  );
}
