export const STYLE = `
:root { color-scheme: light; --ok: #1a7f37; --bad: #cf222e; --unsure: #8250df; --skip: #9a6700; --line: #d0d7de; --dim: #57606a; }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, sans-serif; color: #1f2328; background: #fff; max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
h1 { margin-bottom: .2rem; } h2 { margin: 0; font-size: 1.1rem; }
p { margin: .3rem 0; } .dim { color: var(--dim); }
table { border-collapse: collapse; width: 100%; margin: .8rem 0; font-size: 14px; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); }
td.number, th.number { text-align: right; white-space: nowrap; }
section { border: 1px solid var(--line); border-left-width: 6px; border-radius: 6px; padding: .8rem 1rem; margin: 1.2rem 0; break-inside: avoid-page; }
section.as-expected { border-left-color: var(--ok); } section.deviated { border-left-color: var(--bad); }
section.harness-failed { border-left-color: var(--unsure); } section.skipped { border-left-color: var(--skip); }
.verdict { font-weight: 600; white-space: nowrap; }
.as-expected .verdict { color: var(--ok); } .deviated .verdict { color: var(--bad); }
.harness-failed .verdict { color: var(--unsure); } .skipped .verdict { color: var(--skip); }
pre { font: 12px/1.4 ui-monospace, monospace; background: #f6f8fa; padding: .6rem; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
.timeline { width: 100%; height: auto; margin-top: .6rem; font: 11px system-ui, sans-serif; }
.timeline .grid { stroke: #eaeef2; } .timeline .tick { fill: var(--dim); text-anchor: middle; font-size: 10px; }
.timeline .label { text-anchor: end; fill: #1f2328; }
.timeline .bar { fill: #54aeff; } .timeline .bar.given { fill: #afb8c1; } .timeline .bar.steady-state { fill: #7cc5a1; }
.timeline .bar.rollback, .timeline .bar.promised { fill: #c297ff; }
.timeline .bar.deviated { fill: var(--bad); } .timeline .bar.failed { fill: var(--unsure); }
.timeline .mark { stroke-width: 1.5; } .timeline .t0 { stroke: #1f2328; } .timeline .t1 { stroke: #bf8700; stroke-dasharray: 4 2; }
.timeline .t2 { stroke: var(--bad); } .timeline .limit { stroke: var(--ok); stroke-dasharray: 2 2; }
.timeline .promise { fill: var(--ok); opacity: .07; } .timeline .promise.broken { fill: var(--bad); opacity: .15; }
.timeline .marks { fill: var(--dim); }
.legend span { display: inline-block; margin-right: 1rem; } .legend i { display: inline-block; width: .8rem; height: .8rem; border-radius: 2px; margin-right: .3rem; vertical-align: -1px; }
@media print { body { margin: 0; max-width: none; font-size: 11px; } details::details-content { content-visibility: visible; block-size: auto; } a { color: inherit; text-decoration: none; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
`;
