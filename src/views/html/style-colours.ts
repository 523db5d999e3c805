/** States as `ss` names them, each with its colour in light and in dark. */
const STATES: Readonly<Record<string, readonly [string, string]>> = {
  LISTEN: ['#8fb5ad', '#4f7c73'],
  SYN_SENT: ['#f2b84b', '#9c6a0e'],
  SYN_RECV: ['#ee9a4d', '#a55b18'],
  ESTABLISHED: ['#57b583', '#2a7d52'],
  FIN_WAIT1: ['#7fa6f0', '#416fc9'],
  FIN_WAIT2: ['#a4bff5', '#35579b'],
  CLOSE_WAIT: ['#ef8a6f', '#b7492c'],
  CLOSING: ['#c3a1e8', '#7c55ad'],
  LAST_ACK: ['#e59ac0', '#a74d7f'],
  TIME_WAIT: ['#b3b9cc', '#666f8a'],
  CLOSED: ['#dde1e8', '#3c4453'],
};

const MARKS: Readonly<Record<string, readonly [string, string]>> = {
  timeout: ['#d32f2f', '#ff6b66'],
  fast: ['#e8710a', '#ffa24a'],
  probe: ['#8e24aa', '#d68cf0'],
  needless: ['#b0356f', '#ff8fbf'],
  handshake: ['#c2185b', '#ff7aa8'],
  reordered: ['#00857a', '#45d0c2'],
  duplicate: ['#6d7a00', '#c6d24a'],
  'window-probe': ['#7a5230', '#d8a679'],
  'keep-alive': ['#607d8b', '#a5bdc9'],
  'zero-window': ['#9c6b00', '#ffce4f'],
};

const LIGHT = `--ground:#f4f6f9;--card:#fff;--ink:#17202c;--muted:#5a6676;--line:#dfe4eb;--code:#eef1f6;--shade:#1b2a4420;--link:#1f5fbf;--focus:#2f6fdc;--accent:#2457c5;
--fail:#c22f2f;--fail-soft:#fbe6e4;--warn:#9a5b00;--warn-soft:#fdf0d8;--note:#2b62ad;--note-soft:#e4eefb;--on-tone:#fff;--sure:#1f7f52;
--data:#3d6fc4;--ack:#1f9158;--edge:#c08a00;--sack:#a05bd0;--flight:#3d6fc4;--server:#3d6fc4;--client:#d06a1f;--grid:#e8ecf2;--state-ink:#101820;${variables(0)}`;

const DARK = `--ground:#10151d;--card:#182029;--ink:#e4e9f0;--muted:#9aa7b8;--line:#2c3745;--code:#222c38;--shade:#0008;--link:#7fb0ff;--focus:#4f86e0;--accent:#8db6ff;
--fail:#ff7b72;--fail-soft:#3a1d1f;--warn:#f2b24c;--warn-soft:#362a12;--note:#83b4ff;--note-soft:#18293f;--on-tone:#10151d;--sure:#5ccb94;
--data:#7fa9f2;--ack:#4fcb8d;--edge:#e0b040;--sack:#c79bf0;--flight:#7fa9f2;--server:#7fa9f2;--client:#f0a060;--grid:#232d39;--state-ink:#fff;${variables(1)}`;

/** Colours for light and for dark, and what takes them. Paper is always light. */
export const COLOURS: string = `:root{color-scheme:light dark;${LIGHT}}
@media screen and (prefers-color-scheme:dark){:root{${DARK}}}
.failure{--tone:var(--fail);--soft:var(--fail-soft)}
.warning{--tone:var(--warn);--soft:var(--warn-soft)}
.note{--tone:var(--note);--soft:var(--note-soft)}
${Object.keys(STATES)
  .map((state) => `.s-${state}{--state:var(--s-${state})}`)
  .join('')}
${Object.keys(MARKS)
  .map((mark) => `.mark-${mark}{--mark:var(--m-${mark})}`)
  .join('')}`;

function variables(index: 0 | 1): string {
  const states = Object.entries(STATES).map(([name, colours]) => `--s-${name}:${colours[index]}`);
  const marks = Object.entries(MARKS).map(([name, colours]) => `--m-${name}:${colours[index]}`);
  return [...states, ...marks].join(';');
}
