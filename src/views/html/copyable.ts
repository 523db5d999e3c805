import { type Html, html } from './markup.js';

/** Text to be copied, a filter or a command: with a button where scripts are on, and selectable as a whole where they are off. */
export function copyable(text: string, label: string): Html {
  return html`<span class="copyable"><code>${text}</code><button type="button" class="copy" data-copy="${text}" aria-label="Copy ${label}: ${text}">Copy</button></span>`;
}
