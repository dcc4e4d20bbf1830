import type { KeyRotationDetailsFragment } from "@ekm/client";
import { Block } from "../../ui/copy.js";
import { Facts } from "../../ui/facts.js";
import { Notice } from "../../ui/notice.js";
import { plural } from "../../words/amounts.js";
import { at, day } from "../../words/times.js";

interface Props {
  readonly retirement: NonNullable<KeyRotationDetailsFragment["retirement"]>;
  readonly oldArn: string;
}

/** The signed word on when the old key is not needed any more. */
export function Certificate({ retirement, oldArn }: Props) {
  const { safeToRetireAfter, generationsCounted, backupsCovered, signedAt, keyId, jws } = retirement;
  return (
    <div className="stack">
      <Notice tone="good" title={`The old key may be retired after ${day(safeToRetireAfter)}`}>
        <p>
          Keep <code>{oldArn}</code> usable until then: older copies of our database still need it. After that nothing does.
        </p>
      </Notice>
      <Facts
        rows={[
          ["Covers", `${plural(generationsCounted, "key generation")}, ${plural(backupsCovered, "backup")}`],
          ["Signed", `${at(signedAt)}, with the key ${keyId}`],
        ]}
      />
      <details>
        <summary>The signed certificate (JWS)</summary>
        <Block text={jws} what="the retirement certificate" />
      </details>
    </div>
  );
}
