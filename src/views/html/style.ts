import { CHARTS } from './style-charts.js';
import { COLOURS } from './style-colours.js';

/** The style of the page; its hash stands in the page's policy. */
export const STYLE: string = `${COLOURS}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:break-word}
code,pre,.frame,.time,.later,.segment{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-variant-ligatures:none}
code{font-size:.86em}
a{color:var(--link);text-underline-offset:.18em}
a:focus-visible,button:focus-visible,summary:focus-visible,svg:focus-visible{outline:3px solid var(--focus);outline-offset:2px;border-radius:4px}
main:focus{outline:none}
h1,h2,h3,h4,h5{line-height:1.25;margin:0;text-wrap:balance}
h1{font-size:clamp(1.5rem,1.1rem + 2vw,2.3rem);letter-spacing:-.02em;overflow-wrap:anywhere}
h2{font-size:1.35rem;letter-spacing:-.01em;margin:3rem 0 1rem}
h3{font-size:1.15rem}
h4{font-size:1rem}
h5{font-size:.78rem;text-transform:uppercase;letter-spacing:.06em;color:var(--muted);margin-bottom:.5rem}
p{margin:.5rem 0}
ul,ol{margin:.5rem 0;padding-left:1.2rem}
li{margin:.25rem 0}
.skip{position:absolute;left:-999px;top:0;background:var(--card);padding:.5rem 1rem;z-index:3}
.skip:focus{left:0}
.page{display:grid;grid-template-columns:minmax(0,1fr);max-width:84rem;margin:0 auto}
main{padding:0 clamp(.75rem,2.5vw,2.25rem) 4rem;min-width:0}
nav{display:none}
[id]{scroll-margin-top:1rem}

.summary{padding-top:clamp(1rem,3vw,2.25rem)}
.brand{margin:0 0 .6rem;font-weight:700;letter-spacing:-.01em;color:var(--accent);font-size:.95rem}
.counts{display:flex;flex-wrap:wrap;gap:.6rem;list-style:none;padding:0;margin:1.1rem 0}
.counts li{margin:0;padding:.5rem 1rem .55rem;border-radius:12px;background:var(--soft);color:var(--tone);font-size:.92rem;font-weight:600;display:flex;align-items:baseline;gap:.45rem}
.counts b{font-size:1.7rem;line-height:1;letter-spacing:-.03em}
.counts .none{background:var(--card);color:var(--muted);box-shadow:inset 0 0 0 1px var(--line)}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,var(--fact,9.5rem)),1fr));gap:.8rem 1.6rem;margin:1.1rem 0}
.facts div{min-width:0}
.files{margin:0;padding:0;list-style:none}
dt{font-size:.78rem;color:var(--muted)}
dd{margin:0}
.trust{border-radius:12px;background:var(--card);box-shadow:inset 0 0 0 1px var(--line);padding:.85rem 1.15rem;margin-top:1.2rem}
.trust h2{font-size:.95rem;margin:0 0 .2rem}
.trust p{margin:0}
.trust ul{margin:.2rem 0 0}

.card{background:var(--card);border-radius:5px 14px 14px 5px;border-left:5px solid var(--tone);box-shadow:0 1px 2px var(--shade),0 6px 24px -12px var(--shade);padding:1.2rem clamp(1rem,2.4vw,1.7rem) 1.3rem;margin:0 0 1.5rem}
.card:target,.lines li:target,tr:target{outline:3px solid var(--focus);outline-offset:3px}
.conversation:target>h3 a{outline:3px solid var(--focus);outline-offset:4px;border-radius:4px}
.card h3 a{color:inherit;text-decoration:none}
.card h3 a:hover{text-decoration:underline}
.severity{font-size:.74rem;font-weight:700;text-transform:uppercase;letter-spacing:.07em;color:var(--tone)}
.number{display:inline-grid;place-items:center;min-width:1.55em;height:1.55em;padding:0 .3em;border-radius:1em;background:var(--tone);color:var(--on-tone);font-size:.8em;font-weight:700;vertical-align:.08em;flex:none}
.number.plain{background:var(--line);color:var(--ink)}
.subject{color:var(--muted);margin:.25rem 0 0;font-size:.94rem}
.id{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.78rem;opacity:.85;margin-left:.5rem}
.sentence{font-size:1.08rem;margin:.8rem 0 .9rem;max-width:56rem}
.filters{display:flex;flex-wrap:wrap;align-items:center;gap:.35rem .6rem;margin:.4rem 0;font-size:.92rem}
.label{color:var(--muted);font-size:.8rem;min-width:3.4rem}
.copyable{display:inline-flex;align-items:stretch;max-width:100%;background:var(--code);border-radius:7px;overflow:hidden}
.copyable code{padding:.25rem .6rem;user-select:all;overflow-wrap:anywhere;white-space:pre-wrap}
.copy{display:none;border:0;border-left:1px solid var(--line);background:none;color:var(--link);font:600 .76rem/1 system-ui,sans-serif;padding:0 .65rem;cursor:pointer}
.copy:hover{background:var(--line)}
.scripted .copy{display:block}
.aside{position:fixed;left:-99rem}
.hint{color:var(--muted);font-size:.92rem}
details{margin:.7rem 0}
summary{cursor:pointer;font-weight:600;font-size:.94rem;padding:.2rem 0;width:fit-content}
summary:hover{color:var(--link)}
.onward{font-size:.94rem}
.cause{border-top:1px solid var(--line);margin-top:1rem;padding-top:1rem}
.cause h4{font-size:.78rem;text-transform:uppercase;letter-spacing:.06em;color:var(--muted)}
.what{font-size:1.08rem;margin:.3rem 0 .1rem}
.where{color:var(--muted)}
.name{margin:0;display:flex;flex-wrap:wrap;gap:.3rem .8rem;align-items:center}
.sureness{display:inline-flex;align-items:center;gap:.4rem;font-size:.86rem;font-weight:600}
.meter{display:inline-flex;gap:3px}
.meter i{width:15px;height:6px;border-radius:3px;background:var(--line)}
.meter .full{background:var(--sure)}
.reasons{list-style:none;padding:0;margin:.7rem 0}
.reasons li{position:relative;padding-left:1.5rem}
.reasons li::before{position:absolute;left:.15rem;content:"+";font-weight:700;color:var(--sure)}
.reasons .against::before{content:"\\2212";color:var(--fail)}
.advice{display:grid;gap:1rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,21rem),1fr));margin:1rem 0 .4rem;font-size:.95rem}
.advice section{background:var(--ground);border-radius:4px 10px 10px 4px;padding:.9rem 1rem;min-width:0}
.advice .confirm{grid-column:1/-1}
.advice ol,.advice ul{margin:0;padding-left:1.1rem}
.advice li+li{margin-top:.7rem}
.advice li p{margin:.3rem 0 0;color:var(--muted)}
.advice .copyable{background:var(--card)}
.advice .avoid{border-left:3px solid var(--fail)}
.advice .change{border-left:3px solid var(--sure)}
.advice .confirm{border-left:3px solid var(--link)}
.sources{color:var(--muted);font-size:.86rem}
.others>ul{list-style:none;padding:0}
.lines{list-style:none;padding:0}

.conversation{border-top:1px solid var(--line);padding-top:1.6rem;margin-top:2rem}
h2+.conversation{border:0;padding-top:0;margin-top:0}
.conversation.folded{content-visibility:auto;contain-intrinsic-size:auto 60rem}
.ends{font-weight:400;color:var(--muted);overflow-wrap:anywhere}
.chip{display:inline-flex;align-items:center;gap:.4rem;padding:.15rem .7rem .15rem .25rem;border-radius:2em;background:var(--soft);color:var(--tone);text-decoration:none;font-size:.86rem;font-weight:600}
.chip:hover{text-decoration:underline}
.tables{display:flex;flex-wrap:wrap;gap:0 2rem}
.tables details[open]{flex-basis:100%}
table{border-collapse:collapse;font-size:.88rem;min-width:100%}
th{text-align:left;color:var(--muted);font-weight:600}
th,td{padding:.3rem .8rem .3rem 0;border-bottom:1px solid var(--line);vertical-align:top}
.n{text-align:right;font-variant-numeric:tabular-nums;padding-right:1.2rem}
.nothing-found{font-size:1.1rem}
footer{margin-top:3rem;border-top:1px solid var(--line);color:var(--muted);font-size:.86rem}
${CHARTS}
@media (min-width:40rem){.facts{--fact:15rem}}
@media (min-width:74rem){
  .page{grid-template-columns:17rem minmax(0,1fr)}
  nav{display:block;position:sticky;top:0;align-self:start;max-height:100vh;overflow:auto;padding:2.1rem 0 2rem 1.4rem;font-size:.88rem}
  nav .brand a{color:inherit;text-decoration:none}
  .summary .brand{display:none}
  nav ol,nav ul{list-style:none;padding:0;margin:.2rem 0 1.2rem}
  nav li{margin:0}
  nav li a{display:flex;gap:.55rem;align-items:baseline;color:var(--ink);text-decoration:none;padding:.28rem .5rem;border-radius:8px;overflow-wrap:anywhere;line-height:1.35}
  nav li a:hover{background:var(--card)}
  .nav-head{font-size:.78rem;text-transform:uppercase;letter-spacing:.06em;margin:0 0 .2rem;padding-left:.5rem}
  .nav-head a{color:var(--muted);text-decoration:none}
}
@media print{
  @page{margin:14mm}
  body{background:#fff;font-size:10.5pt}
  nav,.copy,.skip,#tip{display:none!important}
  .conversation.folded{content-visibility:visible}
  .page{display:block;max-width:none}
  main{padding:0}
  .card{box-shadow:none;border:1px solid var(--line);border-left:4px solid var(--tone)}
  .chart,.advice section,.trust,.counts{break-inside:avoid}
  h2,h3,h4,.card header{break-after:avoid}
  .scroll{overflow:visible}
  .scroll svg{min-width:0}
  *{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
`;
