import { type ReactNode, useId } from "react";

interface Props {
  readonly title: string;
  readonly side?: ReactNode;
  readonly children: ReactNode;
}

export function Card({ title, side, children }: Props) {
  const id = useId();
  return (
    <section className="card stack" aria-labelledby={id}>
      <div className="row between">
        <h2 id={id}>{title}</h2>
        {side}
      </div>
      {children}
    </section>
  );
}
