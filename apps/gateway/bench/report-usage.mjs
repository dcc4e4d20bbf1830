// Loaded into a measured process before anything else: answers `cpuMs`, what all its threads have spent so far, and `heapBytes`, what is in use
// (after a collection, with --expose-gc).
const ANSWERS = {
  cpuMs() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
  heapBytes() {
    globalThis.gc?.();
    return process.memoryUsage().heapUsed;
  },
};
process.on("message", (what) => process.send({ [what]: ANSWERS[what]() }));
process.channel?.unref();
