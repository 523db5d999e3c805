import { printable } from '../printable.js';

/** Stands between two characters that would mean something together; it has no width and breaks no line. */
const JOINER = '\u2060';

/** Text in which nothing can start a link, mention somebody, name an issue, or break out of a table or a list: on GitHub, GitLab and Jira. */
export function safe(text: string): string {
  return printable(text)
    .replace(/&/g, '&amp;')
    .replace(/[\\`*_{}[\]<>|~^]/g, '\\$&')
    .replace(/@/g, `${JOINER}@${JOINER}`)
    .replace(/([#!$%~]|&amp;)(?=\\?\w)/g, `$1${JOINER}`)
    .replace(/#/g, '\\#')
    .replace(/\b(GH|[A-Z][A-Z0-9]+)-(?=\d)/g, `$1-${JOINER}`)
    .replace(/\b(https?|ftp|mailto|xmpp|\w+):(?=\/\/|\S+@)/gi, `$1:${JOINER}`)
    .replace(/:(?=\/\/)/g, `:${JOINER}`)
    .replace(/(?<!\u2060)\/(?=\/)/g, `/${JOINER}`)
    .replace(/www\./gi, `www${JOINER}.`)
    .replace(COMMIT, `$1${JOINER}`)
    .replace(/^(\s*)([-+])(?=[-\s]|$)/, '$1\\$2')
    .replace(/^(\s*\d+)([.)])(?=\s|$)/, '$1\\$2');
}

/** What GitHub takes for the name of a commit. */
const COMMIT = /\b([0-9a-f]{3})(?=[0-9a-f]{4,37}\b)(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)/g;

/** Text as code, where nothing means anything, behind as many backticks as it takes. */
export function code(text: string): string {
  const plain = printable(text);
  const longest = Math.max(0, ...[...plain.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = longest > 0 || plain.trim() === '' ? ' ' : '';
  return `${fence}${space}${plain}${space}${fence}`;
}

/** A text from outside is not to fill the whole ticket. */
export function clip(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
