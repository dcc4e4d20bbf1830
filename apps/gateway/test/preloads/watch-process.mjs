// Preloaded with --import into a process of the product. Counts what passes through ciphers on its main thread, the threads that it
// starts and the modules that it loads, measures its event loop, and answers "reset" and "report" over IPC.
import crypto from "node:crypto";
import { register, syncBuiltinESMExports } from "node:module";
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import workerThreads, { isMainThread, MessageChannel } from "node:worker_threads";

if (isMainThread && process.channel) watch();

function watch() {
  const counts = { ciphered: 0, threads: 0 };
  const modules = [];

  for (const name of ["createCipheriv", "createDecipheriv"]) {
    const create = crypto[name];
    crypto[name] = (...args) => {
      const cipher = create(...args);
      const update = cipher.update;
      cipher.update = function counted(data, ...more) {
        counts.ciphered += data.length;
        return update.call(this, data, ...more);
      };
      return cipher;
    };
  }
  workerThreads.Worker = class extends workerThreads.Worker {
    constructor(...args) {
      super(...args);
      counts.threads += 1;
    }
  };
  // Named imports of the product are bound to these from now on.
  syncBuiltinESMExports();

  const { port1, port2 } = new MessageChannel();
  port1.on("message", (url) => modules.push(url));
  port1.unref();
  register("./record-modules.mjs", import.meta.url, { data: { port: port2 }, transferList: [port2] });

  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  let since = { cpu: process.cpuUsage(), loop: performance.eventLoopUtilization() };
  const answers = {
    reset() {
      Object.assign(counts, { ciphered: 0 });
      delay.reset();
      since = { cpu: process.cpuUsage(), loop: performance.eventLoopUtilization() };
      return null;
    },
    report() {
      const { user, system } = process.cpuUsage(since.cpu);
      const { active } = performance.eventLoopUtilization(since.loop);
      const ms = (nanoseconds) => nanoseconds / 1e6;
      return {
        ...counts,
        modules,
        cpuMs: (user + system) / 1000,
        loopActiveMs: active,
        loopDelayMs: { p50: ms(delay.percentile(50)), p99: ms(delay.percentile(99)), max: ms(delay.max) },
      };
    },
  };
  process.on("message", (name) => process.send(answers[name]()));
  // Whoever listens must not keep the process alive.
  process.channel.unref();
}
