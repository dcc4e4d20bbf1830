// One request, sent over and over on kept connections, the next when the answer is there. What the client spends the server has not, so
// that it does as little as it can: an answer as long as the last one is taken for whole.
import { connect } from "node:net";

function isWhole(text) {
  const head = text.indexOf("\r\n\r\n");
  if (head < 0) return false;
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, head));
  return length ? text.length >= head + 4 + Number(length[1]) : text.endsWith("\r\n0\r\n\r\n");
}

function connection(url, request, until, latencies) {
  return new Promise((resolve, reject) => {
    let waiting = "";
    let lastLength = 0;
    let sent = 0;
    const send = (socket) => {
      sent = performance.now();
      socket.write(request, "latin1");
    };
    const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true }, () => send(socket));
    socket.setEncoding("latin1");
    socket.on("error", reject);
    socket.on("data", (chunk) => {
      waiting += chunk;
      if (waiting.length !== lastLength) {
        if (!isWhole(waiting)) return;
        lastLength = waiting.length;
      }
      if (!waiting.startsWith("HTTP/1.1 200")) reject(new Error(waiting.slice(0, 500)));
      latencies.push(performance.now() - sent);
      waiting = "";
      if (performance.now() < until) send(socket);
      else {
        socket.destroy();
        resolve();
      }
    });
  });
}

/** Requests a second, and the times of each, in ms. */
export async function load({ url, query, token, connections = 16, seconds }) {
  const target = new URL(url);
  const body = JSON.stringify({ query });
  const request = [
    "POST /graphql HTTP/1.1",
    `host: ${target.host}`,
    "content-type: application/json",
    "accept: application/json",
    ...(token === undefined ? [] : [`authorization: Bearer ${token}`]),
    `content-length: ${Buffer.byteLength(body)}`,
    "",
    body,
  ].join("\r\n");
  const latencies = [];
  const began = performance.now();
  const until = began + seconds * 1000;
  await Promise.all(Array.from({ length: connections }, () => connection(target, request, until, latencies)));
  const perSecond = latencies.length / ((performance.now() - began) / 1000);
  latencies.sort((a, b) => a - b);
  return {
    requests: latencies.length,
    perSecond,
    median: latencies[latencies.length >> 1],
    p99: latencies[Math.floor(latencies.length * 0.99)],
  };
}
