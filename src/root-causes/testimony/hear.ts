import { Counters } from './counters.js';
import type { Need, Sign } from './sign.js';
import type { Sockets } from './sockets.js';
import type { Host } from './witnesses.js';

/** What one host said about one cause. Clauses, without a full stop. */
export interface Testimony {
  /** Facts that only this cause brings about. */
  readonly proof: readonly string[];
  /** How often the counters say that it happened; undefined where something else proves it. */
  readonly times: number | undefined;
  /** Facts that fit. */
  readonly support: readonly string[];
  /** Facts with which it cannot have been. */
  readonly contradiction: readonly string[];
}

/** Asks one host about one sign. */
export function hear(sign: Sign, host: Host, sockets: Sockets): Testimony {
  const counters = new Counters(isProvable(sign, host) ? sign : withoutProof(sign), host);
  const isCounted = counters.proving.length > 0;
  const log = logged(sign, host);
  const settings = required(sign, host);
  const beyondCount = given(counters.untouched, sign.sockets?.(sockets), log.proof);
  const proof = given(isCounted ? counters.quote : undefined, ...beyondCount);
  const support = given(isCounted ? undefined : counters.quote, log.support, ...new Set([...settings.support, ...quoted(sign, host)]));
  const contradiction = given(...settings.contradiction, counters.missing);
  // What has a sign only in part is something else that shares it.
  if (contradiction.length > 0) return { proof: [], times: 0, support: [...proof, ...support], contradiction };
  return { proof, times: beyondCount.length > 0 ? undefined : counters.times, support, contradiction };
}

function given(...clauses: readonly (string | undefined)[]): string[] {
  return clauses.filter((clause) => clause !== undefined);
}

/** A line proves it when it was written during the capture; one of unknown time, or one that other things cause too, only fits. */
function logged({ log, logHint }: Sign, host: Host): { proof?: string; support?: string } {
  const { line, old } = linesLike(log, host);
  if (line !== undefined) return { proof: `the kernel log says "${line}"` };
  const hint = linesLike(logHint, host).line;
  if (hint !== undefined) return { support: `the kernel log says "${hint}"` };
  return old === undefined ? {} : { support: `the kernel log says, at an unknown time, "${old}"` };
}

function linesLike(pattern: RegExp | undefined, { facts, span: { start, end } }: Host): { line?: string | undefined; old?: string | undefined } {
  const lines = pattern === undefined ? [] : facts.log.filter(({ message }) => pattern.test(message));
  const isOfThisTime = (time: number): boolean => time >= start - MINUTE && time <= end + MINUTE;
  const line = lines.find(({ isNew, time }) => (time === undefined ? isNew : isOfThisTime(time)));
  const old = lines.find(({ time }) => time === undefined);
  return { line: line?.message, old: old?.message };
}

/** The kernel says the same thing at most every so many seconds. */
const MINUTE = 60;

function required({ needs = {} }: Sign, host: Host): { support: string[]; contradiction: string[] } {
  const support: string[] = [];
  const contradiction: string[] = [];
  for (const [name, need] of Object.entries(needs)) {
    const { setting, value, count } = settingOf(name, need, host);
    if (value === undefined) continue;
    if (need.holds(value)) support.push(`${setting} is ${value}`);
    else contradiction.push(`${count > 1 ? `each ${name}` : setting} is ${value}, where it takes ${need.text}`);
  }
  return { support, contradiction };
}

function isProvable({ given: conditions = {} }: Sign, host: Host): boolean {
  return Object.entries(conditions).every(([name, need]) => {
    const { value } = settingOf(name, need, host);
    return value !== undefined && need.holds(value);
  });
}

function withoutProof(sign: Sign): Sign {
  return { ...sign, proof: [], shows: [], raises: [...(sign.raises ?? []), ...(sign.proof ?? [])] };
}

/** Of the settings that have this name, with * for any part of it, one that fits; otherwise the first. */
function settingOf(name: string, need: Need, { facts }: Host): { setting?: string; value?: string; count: number } {
  const pattern = new RegExp(`^${name.replaceAll('.', '\\.').replace('*', '[^.]+')}$`);
  const settings = [...facts.sysctls].filter(([setting]) => pattern.test(setting));
  const [setting, value] = settings.find(([, one]) => need.holds(one)) ?? settings[0] ?? [];
  return { count: settings.length, ...(setting !== undefined && value !== undefined && { setting, value }) };
}

function quoted({ quotes = [], given: conditions = {} }: Sign, { facts }: Host): string[] {
  return [...quotes, ...Object.keys(conditions)].filter((name) => facts.sysctls.has(name)).map((name) => `${name} is ${facts.sysctls.get(name)}`);
}
