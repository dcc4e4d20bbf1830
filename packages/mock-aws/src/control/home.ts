import { type ControlRoute, RawResponse } from "./route.js";

const PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Simulated AWS</title></head>
<body>
<h1>Simulated AWS</h1>
<p>This is a test double of AWS KMS and STS: <code>POST /</code> answers signed AWS requests. It is not AWS.</p>
<ul>
<li><a href="/_simulator/health">/_simulator/health</a></li>
<li><a href="/_simulator/keys">/_simulator/keys</a></li>
<li><a href="/_simulator/clock">/_simulator/clock</a></li>
<li><a href="/_localstack/chaos/faults">/_localstack/chaos/faults</a></li>
<li><a href="/_simulator/events?since=0">/_simulator/events?since=0</a></li>
</ul>
</body>
</html>
`;

export const home: ControlRoute = {
  path: "/",
  methods: {
    GET: async () =>
      new RawResponse((response) => {
        response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
        response.end(PAGE);
      }),
  },
};
