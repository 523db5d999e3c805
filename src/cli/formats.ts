import { json } from '../views/json.js';
import { markdown } from '../views/markdown.js';
import { terminal } from '../views/terminal.js';
import type { View } from '../views/view.js';

const VIEWS: Readonly<Record<string, View>> = { text: terminal, json, markdown };

/** What `--format` may say. */
export const FORMATS: readonly string[] = Object.keys(VIEWS);

export function viewOf(format: string): View {
  return VIEWS[format] ?? terminal;
}
