import type { FlowReport } from '../../report.js';

/** What a conversation is called within the page. Streams of several captures have the same numbers. */
export function anchorOf({ stream, capture }: Pick<FlowReport, 'stream' | 'capture'>): string {
  return capture === undefined ? `c${stream}` : `c${stream}-${Buffer.from(capture).toString('base64url')}`;
}
