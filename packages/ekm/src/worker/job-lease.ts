/** A worker that is silent for so long has lost its job to another. A heartbeat renews it. */
export const JOB_LEASE_MS = 15_000;

/** A job that was begun so often, and never ended, takes its worker down with it: it is ended as a fault of ours. */
export const MAX_ATTEMPTS = 20;
