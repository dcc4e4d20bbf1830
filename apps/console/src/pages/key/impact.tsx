import type { EkmSettingsFragment } from "@ekm/client";
import { Card } from "../../ui/card.js";
import { bytes, count } from "../../words/amounts.js";

/** What depends on the key. */
export function Impact({ ekm: { impact, revocationWindowSeconds } }: { readonly ekm: EkmSettingsFragment }) {
  return (
    <Card title="What depends on this key">
      <dl className="numbers">
        <div>
          <dt>backups</dt>
          <dd>{count(impact.backups)}</dd>
        </div>
        <div>
          <dt>of data</dt>
          <dd>{bytes(impact.bytes)}</dd>
        </div>
        <div>
          <dt>key generations</dt>
          <dd>{count(impact.generations)}</dd>
        </div>
      </dl>
      <p className="muted">While the key cannot be used none of them can be restored, and no backup is made.</p>
      <p className="muted">
        Revoke it in AWS, and plaintext ends within {revocationWindowSeconds} seconds here, besides AWS's own delay.
      </p>
    </Card>
  );
}
