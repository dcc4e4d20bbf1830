import type { EkmSettingsFragment, KeyRotationDetailsFragment } from "@ekm/client";
import { useKeyRotationsQuery } from "@ekm/client/react";
import { Shown } from "../../reading/shown.js";
import { useReading } from "../../reading/use-reading.js";
import { Card } from "../../ui/card.js";
import { RotationView } from "./rotation-view.js";

const SHOWN = 5;
const RUNNING_MS = 1_500;

/** Updates of the key: the one under way, and those before. Nothing at all before the first. */
export function Rotations({ ekm }: { readonly ekm: EkmSettingsFragment }) {
  const active = ekm.activeRotation;
  const reading = useReading(useKeyRotationsQuery({ variables: { first: SHOWN } }), {
    everyMs: () => (active?.status === "RUNNING" ? RUNNING_MS : null),
  });
  const isEmpty = reading.data?.account?.ekm?.rotations.nodes.length === 0;
  if (active === null && (isEmpty || reading.data === undefined)) return null;
  return (
    <Card title="Updates of the key">
      {active === null ? null : <RotationView rotation={active} />}
      <Shown reading={reading} loading="Reading the updates">
        {({ account }) => <Past rotations={(account?.ekm?.rotations.nodes ?? []).filter(({ id }) => id !== active?.id)} />}
      </Shown>
    </Card>
  );
}

function Past({ rotations }: { readonly rotations: readonly KeyRotationDetailsFragment[] }) {
  return (
    <>
      {rotations.map((rotation) => (
        <RotationView key={rotation.id} rotation={rotation} />
      ))}
    </>
  );
}
