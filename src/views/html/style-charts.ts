/** The style of everything drawn. */
export const CHARTS = `
.chart{background:var(--card);border-radius:12px;box-shadow:inset 0 0 0 1px var(--line);margin:1rem 0;padding:.95rem 1.1rem .7rem}
.chart figcaption{margin-bottom:.4rem}
.chart figcaption p{margin:.15rem 0 .3rem;color:var(--muted);font-size:.9rem;max-width:60rem}
.chart h3{font-size:1rem}
.scroll{--under:var(--card);overflow-x:auto;scrollbar-width:thin;background:linear-gradient(90deg,var(--under) 30%,transparent) 0 0/40px 100% no-repeat local,linear-gradient(-90deg,var(--under) 30%,transparent) 100% 0/40px 100% no-repeat local,linear-gradient(90deg,var(--shade),transparent) 0 0/12px 100% no-repeat scroll,linear-gradient(-90deg,var(--shade),transparent) 100% 0/12px 100% no-repeat scroll,var(--under)}
.scroll svg{display:block;width:100%;min-width:42rem;height:auto}
.proof .scroll,section>.scroll,.tables .scroll{--under:var(--ground)}
.proof .scroll{border-radius:10px;padding:.6rem .2rem}
.legend{display:flex;flex-wrap:wrap;gap:.15rem 1.1rem;list-style:none;margin:.1rem 0 .2rem;padding:0;font-size:.84rem;color:var(--muted)}
.legend li{display:flex;align-items:center;gap:.4rem;margin:0}
.swatch{width:14px;height:10px;border-radius:2px;background:var(--swatch,var(--mark,var(--state,var(--muted))))}
.swatch.data,.swatch.flight,.swatch.sending,.swatch.server{--swatch:var(--data)}
.swatch.ack,.swatch.arriving{--swatch:var(--ack)}
.swatch.edge{--swatch:var(--edge)}
.swatch.sack{--swatch:var(--sack)}
.swatch.client{--swatch:var(--client)}
.swatch.answered{--swatch:var(--ack)}
.swatch.ignored{--swatch:var(--fail)}
.swatch.remembered{--swatch:var(--muted)}
svg text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;fill:var(--ink)}
svg .strong{font-weight:700}
.ticks text,.head text{fill:var(--muted);font-size:11.5px;font-variant-numeric:tabular-nums}
.ticks path,.axis{stroke:var(--muted);stroke-opacity:.55;fill:none}
.grid path,.rail{stroke:var(--grid);fill:none}
.line,.stroke,.dots{fill:none}
.line{stroke-width:1.5}
.stroke{stroke-width:1.8}
.data{stroke:var(--data)}
.ack{stroke:var(--ack)}
.edge{stroke:var(--edge);stroke-dasharray:5 3}
.sack{stroke:var(--sack);stroke-opacity:.75}
.sending{stroke:var(--data)}
.area{stroke:none}
.area.flight{fill:var(--flight);fill-opacity:.35}
.area.arriving{fill:var(--ack);fill-opacity:.35}
.dots{stroke-width:4.5;stroke-linecap:round;stroke-opacity:.7}
.dots.server{stroke:var(--server)}
.dots.client{stroke:var(--client)}
.dots[class*=mark-]{stroke:var(--mark);stroke-width:3;stroke-opacity:.9}
[class^=mark-] .stroke{stroke:var(--mark);stroke-width:3}
[class^=mark-] .diamond,.diamond{fill:var(--mark);stroke:var(--card);stroke-width:.8}
.answered circle{fill:var(--ack)}
.ignored circle{fill:var(--fail)}
.remembered circle{fill:none;stroke:var(--muted);stroke-width:1.5}
.layer{fill:var(--state)}
.when{stroke:var(--tone);stroke-opacity:.35;stroke-dasharray:2 3}
.when-stroke{stroke:var(--tone);stroke-width:2}
.badge circle{fill:var(--tone)}
svg .badge text{fill:var(--on-tone);font-size:11px;font-weight:700}
.badge:focus-visible circle{stroke:var(--focus);stroke-width:3}
.cursor{fill:none;stroke:var(--ink);stroke-width:1.6;pointer-events:none}
.state rect{fill:var(--state)}
.state text{fill:var(--state-ink);font-size:11.5px;font-weight:600}
.lanes .guessed rect{stroke:var(--muted);stroke-dasharray:3 3;fill-opacity:.6}
.nothing{fill:none;stroke:var(--line);stroke-dasharray:4 4}
.life{stroke:var(--line);stroke-width:2}
.ladder .guessed rect{fill-opacity:.55}
svg .life-state{fill:var(--ink);font-size:11px;font-weight:600}
.rung .row{fill:transparent}
.rung:hover .row{fill:var(--code)}
.scripted .rung,.scripted svg[data-points]{cursor:pointer}
.rung .arrow{stroke:var(--mark,var(--muted));stroke-width:1.6}
.rung .tip{fill:var(--mark,var(--muted))}
.reset .arrow{stroke:var(--fail);stroke-width:2}
.reset .tip{fill:var(--fail)}
.rungs{position:absolute;width:1px;height:1px;margin:0;overflow:hidden;clip-path:inset(50%)}
@media (max-width:40rem){
  .scroll:has(+.rungs){display:none}
  .rungs{position:static;width:auto;height:auto;overflow:visible;clip-path:none;list-style:none;padding:0;margin:.5rem 0;font-size:.9rem}
  .rungs li{border-left:3px solid var(--mark,var(--line));padding:.25rem 0 .25rem .7rem;overflow-wrap:anywhere}
  .rungs code{display:block}
  .rungs b{color:color-mix(in srgb,var(--mark,var(--muted)) 70%,var(--ink))}
  .rungs .fold{color:var(--muted)}
}
svg .segment{font-family:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:11.5px;paint-order:stroke;stroke:var(--card);stroke-width:3px}
.proof svg .segment{stroke:var(--ground)}
.rung:hover .segment{stroke:var(--code)!important}
svg .remark{fill:color-mix(in srgb,var(--mark,var(--muted)) 70%,var(--ink));font-size:11px;font-weight:600}
svg .time,svg .frame{font-size:11.5px}
svg .later{font-size:11px;fill:var(--muted)}
.fold path{stroke:var(--muted);stroke-dasharray:2 5}
svg .fold text{fill:var(--muted);font-size:11.5px;paint-order:stroke;stroke:var(--card);stroke-width:6px}
.proof svg .fold text{stroke:var(--ground)}
#tip{position:fixed;z-index:4;max-width:min(30rem,94vw);background:var(--ink);color:var(--ground);border-radius:8px;padding:.45rem .7rem;font-size:.84rem;line-height:1.4;pointer-events:none;box-shadow:0 4px 18px var(--shade)}
#tip[hidden]{display:none}
#tip span,#tip strong{display:block;overflow-wrap:anywhere}
`;
