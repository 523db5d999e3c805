import { createHash } from 'node:crypto';
import { type Html, html, verbatim } from './markup.js';
import { SCRIPT } from './script.js';
import { STYLE } from './style.js';

/** Nothing is loaded, nothing is sent, and only the style and the script of this very page count. */
const POLICY = ["default-src 'none'", `style-src '${hashOf(STYLE)}'`, `script-src '${hashOf(SCRIPT)}'`, "base-uri 'none'", "form-action 'none'"].join(
  '; ',
);

/** The page up to its content. */
export function pageHead(title: string): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${verbatim(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${verbatim(STYLE)}</style>
</head>
<body>
<a class="skip" href="#content">To the content</a>`;
}

export function pageEnd(): Html {
  return html`<div id="tip" role="status" aria-live="polite" hidden></div>
<script>${verbatim(SCRIPT)}</script>
</body>
</html>`;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
