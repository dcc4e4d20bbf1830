const ASCII = /^[\0-\x7f]*$/;

/** Byte order of two strings' UTF-8 forms, which is not JavaScript's order (UTF-16 units) beyond the basic plane. */
export function compareBytes(a: string, b: string): number {
  if (ASCII.test(a) && ASCII.test(b)) return a < b ? -1 : a > b ? 1 : 0;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

export interface Step<T> {
  readonly child: T;
  /** Emit the child itself, or descend into it. */
  readonly descend: boolean;
}

/**
 * The order in which a directory's children must be emitted and entered so that whole relative paths come out in byte order:
 * what lies in `a` sorts as `a/...`, hence after a sibling `a-b`, though `a` itself sorts before it.
 */
export function inPathOrder<T extends { readonly name: string; readonly isDirectory: boolean }>(
  children: readonly T[],
): Step<T>[] {
  const keyed = children.flatMap((child) => {
    const self = { key: child.name, step: { child, descend: false } };
    return child.isDirectory ? [self, { key: `${child.name}/`, step: { child, descend: true } }] : [self];
  });
  keyed.sort((a, b) => compareBytes(a.key, b.key));
  return keyed.map(({ step }) => step);
}
