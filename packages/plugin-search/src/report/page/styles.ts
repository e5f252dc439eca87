import { chartFont, type Palette, palettes } from '@mnas/core/charts'

/** The page's style sheet: colours of the charts that trainings draw, in both themes. */
export const styles = `
:root{color-scheme:light dark;${variables(palettes.light)}}
@media(prefers-color-scheme:dark){:root{${variables(palettes.dark)}}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 ${chartFont}}
main{max-width:1200px;margin:0 auto;padding:24px 16px 64px}
h1{font-size:26px;line-height:1.25;margin:0 0 4px}
h1,h2,td,th,dd,p,li,summary,code{overflow-wrap:anywhere}
h2{font-size:19px;margin:0 0 4px}
#panels{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,480px),1fr));gap:40px 48px;margin-top:32px}
section{min-width:0}
#network,#settings{grid-column:1/-1}
.sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,480px),1fr));gap:16px 48px}
.sides>*{min-width:0}
p{margin:0 0 12px;max-width:70ch}
.note,.lead{color:var(--faint)}
nav{margin:16px 0 0}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:4px 16px;margin:0;padding:0}
a{color:var(--one)}
:focus-visible{outline:2px solid var(--one);outline-offset:2px;border-radius:2px}
dl{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:12px 16px;margin:20px 0 0;max-width:760px}
@media(min-width:640px){dl{grid-template-columns:repeat(4,minmax(0,1fr))}}
dt{color:var(--faint);font-size:13px}
dd{margin:0;font-size:18px;font-weight:600}
code,dd,td,th,svg text{unicode-bidi:isolate}
svg{display:block;overflow:visible;width:100%}
svg text{fill:var(--faint);font:12px ${chartFont}}
.plot{padding:52px 28px 48px 56px}
.plot>svg{height:280px}
.grid{stroke:var(--line)}
.mark{stroke:var(--faint);stroke-dasharray:4 4}
.faint circle{fill:var(--faint);opacity:.5}
.line{fill:none;stroke:var(--one);stroke-width:2;vector-effect:non-scaling-stroke}
.point{outline:none}
.point circle{fill:var(--one);stroke:var(--paper);stroke-width:1.5}
.point .reach{fill:transparent;stroke:none}
.best circle{fill:var(--two)}
.readout{visibility:hidden}
svg .readout,svg .value,.bar text,.layer text{fill:var(--ink)}
.point:hover .readout,.point:focus .readout{visibility:visible;paint-order:stroke;stroke:var(--paper);stroke-width:6px}
.plot:has(.point:focus) .point:hover:not(:focus) .readout{visibility:hidden}
.point:hover circle:not(.reach),.point:focus circle:not(.reach){stroke:var(--ink);stroke-width:3}
.bars,.network{max-width:640px;padding:4px 0 12px}
.row{fill:transparent}
.track{fill:var(--line);opacity:.5}
.fill{fill:var(--one)}
.chance{stroke:var(--ink);stroke-width:2}
.layer rect{stroke:var(--paper);stroke-width:1}
.conv{fill:var(--two)}.separable{fill:var(--three)}.mbconv{fill:var(--one)}.plain{fill:var(--faint)}
.key{display:flex;flex-wrap:wrap;gap:2px 16px;list-style:none;margin:0 0 8px;padding:0;font-size:13px;color:var(--faint)}
.key svg{display:inline-block;width:12px;height:12px;margin-right:6px}
details{margin-top:8px}
summary{cursor:pointer;color:var(--one)}
.scroll{overflow-x:auto;margin-top:8px}
table{border-collapse:collapse;font-size:14px;width:100%}
caption{text-align:left;color:var(--faint);padding-bottom:4px}
th,td{text-align:left;vertical-align:top;padding:5px 12px 5px 0;border-bottom:1px solid var(--line)}
thead th{color:var(--faint);font-weight:normal}
tbody th{font-weight:normal}
th,td{white-space:nowrap}
th:last-child,td:last-child{padding-right:0}
.number{text-align:right;font-variant-numeric:tabular-nums}
.long{white-space:normal;overflow-wrap:anywhere;min-width:18ch}
@media print{details>*{display:block}}
`

function variables({ paper, ink, faintInk, line, category }: Palette): string {
  const [one, two, three] = category
  return `--paper:${paper};--ink:${ink};--faint:${faintInk};--line:${line};--one:${one};--two:${two};--three:${three}`
}
