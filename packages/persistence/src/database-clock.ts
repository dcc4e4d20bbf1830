/** The database's own clock in ms since 1970: leases end by it alone, whatever the clocks of their holders say. */
export const DATABASE_NOW_MS = "CAST(unixepoch('subsec') * 1000 AS INTEGER)";
