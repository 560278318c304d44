/** How the report of `--html` looks: by the reader's own choice light or dark, wide or narrow. */
export const style = `
:root { --ink: #1c1e21; --paper: #fff; --soft: #f3f3f0; --line: #c9c9c4; --faint: #62656a;
  --good: #1a6b3c; --bad: #b00020; --bar: #3a6ea5; --beyond: #fbe9eb; --meter: #dcdcd6; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e4e0; --paper: #17191c; --soft: #24272b; --line: #454a50; --faint: #a0a4a9;
    --good: #6cc490; --bad: #ff7a88; --bar: #7fb0e0; --beyond: #3a2024; --meter: #3a3e43; }
}
body { background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif;
  margin: 0; }
main { margin: 0 auto; max-width: 72rem; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.3rem; } h2 { font-size: 1.15rem; margin-top: 2.5rem; }
h3 { font-size: 1rem; margin: 1.8rem 0 .5rem; }
pre { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 13px; overflow-x: auto; white-space: pre; }
.spec { background: var(--soft); padding: .8rem 1rem; border-radius: 4px; }
.verdict { font-weight: 600; border-left: 5px solid; padding: .3rem 0 .3rem .8rem; }
.verdict.held { color: var(--good); } .verdict.fell { color: var(--bad); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .35rem .9rem .35rem 0; vertical-align: top;
  border-bottom: 1px solid var(--line); white-space: nowrap; }
th { font-weight: 600; } td { min-width: 6.2rem; }
td small { color: var(--faint); font-weight: 400; padding-left: .2em; }
td.held { color: var(--good); } td.fell { color: var(--bad); font-weight: 600; }
td.fell small { color: inherit; } td.none { color: var(--faint); }
.meter { display: block; height: 4px; width: 7rem; background: var(--meter); margin-top: 3px; }
.meter span { display: block; height: 4px; background: currentColor; }
.note { color: var(--faint); font-size: 13px; max-width: 48rem; }
.failure p { margin: 1rem 0 0; } .failure strong { color: var(--bad); }
.failure ul { margin: .2rem 0; }
li { overflow-wrap: anywhere; }
.counterexample { border: 1px solid var(--line); border-radius: 4px; margin: 1.2rem 0;
  padding: 0 1rem .6rem; }
.figures { display: grid; gap: 1rem 1.6rem;
  grid-template-columns: repeat(auto-fill, minmax(min(15rem, 100%), 1fr)); }
figure { margin: 0; } figcaption { font-size: 12px; overflow-wrap: anywhere; }
figure.fell figcaption { color: var(--bad); }
svg { display: block; width: 100%; max-width: 24rem; height: auto; }
svg text { fill: var(--faint); } svg .allowed { fill: var(--bad); } svg text { font-size: 9px; text-anchor: middle; }
.within { fill: var(--bar); } .over { fill: var(--bad); } .beyond { fill: var(--beyond); }
.limit { stroke: var(--bad); fill: none; } .axis { stroke: var(--line); fill: none; }
`;
