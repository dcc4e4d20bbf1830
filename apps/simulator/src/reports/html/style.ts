export const STYLE = `
:root { color-scheme: light dark; --text: #1f2328; --dim: #57606a; --back: #fff; --panel: #f6f8fa; --line: #d0d7de; --grid: #eaeef2; --link: #0969da;
  --ok: #1a7f37; --bad: #cf222e; --unsure: #8250df; --skip: #9a6700; --given: #afb8c1; --steady: #4ac26b; --act: #54aeff; --undo: #c297ff; --t1: #bf8700; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --dim: #9198a1; --back: #0d1117; --panel: #151b23; --line: #3d444d; --grid: #262c36; --link: #4493f8;
  --ok: #3fb950; --bad: #f85149; --unsure: #ab7df8; --skip: #d29922; --given: #656c76; --steady: #2ea043; --act: #388bfd; --undo: #8957e5; --t1: #d29922; } }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; color: var(--text); background: var(--back); max-width: 72rem; margin: 0 auto; padding: 1.5rem 1.25rem 3rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; } h3 { font-size: 1.05rem; margin: 0; overflow-wrap: anywhere; }
p { margin: .35rem 0; } a { color: var(--link); } .dim { color: var(--dim); } code { font: .92em ui-monospace, "SF Mono", Menlo, monospace; overflow-wrap: anywhere; }
.chips { display: flex; flex-wrap: wrap; gap: .5rem; margin: .9rem 0; padding: 0; list-style: none; }
.chips li { border: 1px solid var(--line); border-radius: 2rem; padding: .1rem .8rem; background: var(--panel); }
.chips li.some { border-color: currentColor; font-weight: 600; }
.as-expected, .passed { --mark: var(--ok); } .deviated, .failed { --mark: var(--bad); } .harness-failed, .not-concluded { --mark: var(--unsure); } .skipped { --mark: var(--skip); }
.chips li.some, .verdict { color: var(--mark); } .verdict { font-weight: 600; white-space: nowrap; }
table { border-collapse: collapse; width: 100%; margin: .6rem 0; font-size: 14px; }
th { text-align: left; color: var(--dim); font-weight: 600; white-space: nowrap; }
th, td { vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); } th:last-child, td:last-child { padding-right: 0; }
td { overflow-wrap: anywhere; } td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; } td.name { min-width: 11rem; }
.gauge { display: inline-block; vertical-align: 1px; width: 7rem; height: .55rem; border-radius: 1rem; background: var(--grid); overflow: hidden; }
.gauge i { display: block; height: 100%; background: var(--ok); } .used { white-space: nowrap; } .broken .gauge i { background: var(--bad); } .broken strong { color: var(--bad); }
.flag { border: 1px solid var(--skip); color: var(--skip); border-radius: 1rem; padding: 0 .5rem; font-size: 12px; white-space: nowrap; }
section.result { border: 1px solid var(--line); border-left: 5px solid var(--mark); border-radius: 6px; padding: .9rem 1.1rem; margin: 1rem 0; }
section.result > header { display: flex; flex-wrap: wrap; gap: .2rem .8rem; align-items: baseline; justify-content: space-between; }
.said { border-left: 3px solid var(--mark); padding-left: .7rem; margin: .6rem 0; overflow-wrap: anywhere; } .said b { display: inline-block; min-width: 5.2rem; }
details { margin-top: .5rem; } summary { cursor: pointer; color: var(--dim); }
pre { font: 12px/1.45 ui-monospace, "SF Mono", Menlo, monospace; background: var(--panel); border-radius: 6px; padding: .7rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.timeline { --labels: 19rem; position: relative; margin: .8rem 0 .3rem; padding-top: 1.3rem; font-size: 12px; }
.timeline .row { display: grid; grid-template-columns: calc(var(--labels) - .8rem) minmax(0, 1fr); gap: .8rem; align-items: center; min-height: 1.25rem; break-inside: avoid; }
.timeline .label { text-align: right; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.timeline .track { display: block; position: relative; height: .7rem; } .timeline .bar { position: absolute; top: 0; bottom: 0; min-width: 3px; border-radius: 2px; background: var(--act); }
.timeline .given .bar { background: var(--given); } .timeline .steady-state .bar { background: var(--steady); } .timeline .rollback .bar, .timeline .promised .bar { background: var(--undo); }
.timeline .is-deviated .bar { background: var(--bad); } .timeline .is-failed .bar { background: var(--unsure); } .timeline .is-deviated .label { color: var(--bad); } .timeline .is-failed .label { color: var(--unsure); }
.timeline .over { position: absolute; inset: 0 0 0 var(--labels); pointer-events: none; }
.timeline .tick { position: absolute; top: 0; bottom: 0; border-left: 1px solid var(--grid); color: var(--dim); font-size: 11px; line-height: 1.2rem; padding-left: .2rem; white-space: nowrap; }
.timeline .promise { position: absolute; top: 1.2rem; bottom: 0; background: var(--ok); opacity: .12; } .timeline .promise.broken { background: var(--bad); opacity: .2; }
.timeline .mark { position: absolute; top: 1.2rem; bottom: 0; border-left: 2px solid var(--text); } .timeline .t1 { border-left: 2px dashed var(--t1); } .timeline .t2 { border-left-color: var(--bad); } .timeline .limit { border-left: 2px dotted var(--ok); }
.marks { font-size: 13px; margin: .2rem 0 0; } .marks b.t1 { color: var(--t1); } .marks b.t2 { color: var(--bad); } .marks b.limit { color: var(--ok); }
.legend { font-size: 13px; display: flex; flex-wrap: wrap; gap: .2rem 1rem; } .legend i { display: inline-block; width: .75rem; height: .75rem; border-radius: 2px; margin-right: .35rem; vertical-align: -1px; }
dl.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .2rem 1.2rem; margin: .8rem 0; } dl.facts dt { color: var(--dim); } dl.facts dd { margin: 0; overflow-wrap: anywhere; }
.banner { border: 1px solid var(--mark); border-left-width: 6px; border-radius: 6px; padding: .8rem 1.1rem; margin: 1rem 0; } .banner .verdict { font-size: 1.25rem; }
.sign { display: grid; grid-template-columns: 1fr 1fr 1fr; gap: 2rem; margin-top: 3.5rem; } .sign span { border-top: 1px solid var(--dim); padding-top: .2rem; color: var(--dim); font-size: 13px; }
@media screen and (max-width: 44rem) {
  body { padding: 1rem .9rem 2rem; } .timeline { --labels: 0rem; } .timeline .row { display: block; padding-bottom: .3rem; } .timeline .label { display: block; text-align: left; position: relative; z-index: 1; }
  dl.facts { grid-template-columns: minmax(0, 1fr); gap: 0; } dl.facts dd { margin-bottom: .5rem; }
  table, tbody, tr, td { display: block; } thead { display: none; } tr { border-bottom: 1px solid var(--line); padding: .5rem 0; }
  td, td.number { border: 0; padding: .1rem 0; text-align: left; white-space: normal; display: grid; grid-template-columns: 7.5rem minmax(0, 1fr); gap: .6rem; }
  td::before { content: attr(data-label); color: var(--dim); } td.name { display: block; font-weight: 600; } td.name::before { content: none; } td > * { justify-self: start; } td:empty { display: none; }
}
@page { margin: 14mm 12mm; }
@media print {
  :root { color-scheme: light; --text: #000; --dim: #444; --back: #fff; --panel: #f6f8fa; --line: #bbb; --grid: #ddd; --link: #000;
    --ok: #1a7f37; --bad: #b3121d; --unsure: #6b35c9; --skip: #7d5300; --given: #afb8c1; --steady: #4ac26b; --act: #54aeff; --undo: #c297ff; --t1: #9a6700; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } body { max-width: none; padding: 0; font-size: 11px; } table { font-size: 10.5px; }
  h2, h3, section.result > header { break-after: avoid; } tr, .banner, .said, .timeline, .sign { break-inside: avoid; } a { text-decoration: none; }
  details::details-content { content-visibility: visible; block-size: auto; } summary { list-style: none; } .gauge { width: 3.5rem; } .flag, .marks, .legend, .timeline .tick { font-size: 9.5px; } pre { font-size: 9px; } .timeline { --labels: 15rem; font-size: 10px; }
}
`;
