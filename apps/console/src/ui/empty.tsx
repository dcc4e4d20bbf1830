import type { ReactNode } from "react";

export const Empty = ({ children }: { readonly children: ReactNode }) => <div className="empty">{children}</div>;
