/** Maps a range of values to a range of pixels. */
export interface Scale {
  readonly domain: readonly [number, number];
  readonly range: readonly [number, number];
  /** Round values inside the domain, and their distance. */
  readonly ticks: readonly number[];
  readonly step: number;
  /** In tenths of a pixel. */
  of(value: number): number;
}

export function linear(domain: readonly [number, number], range: readonly [number, number], wantedTicks: number): Scale {
  const [from, to] = domain;
  const span = to - from || 1;
  const [start, end] = range;
  const step = roundStep(span / wantedTicks);
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  const ticks = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step);
  return { domain: [from, from + span], range, ticks, step, of: (value) => Math.round((start + ((value - from) / span) * (end - start)) * 10) / 10 };
}

/** 1, 2 or 5 times a power of ten, not below `atLeast`. */
function roundStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeast));
  const factor = atLeast / power;
  return power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
}

/** Seconds with as many decimals as the distance of the ticks asks for. */
export function secondsText(seconds: number, step: number): string {
  const decimals = Math.min(6, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
  return seconds.toFixed(decimals);
}
