import type { FlowReport, GraphPoint } from '../../report.js';

/** One direction of a conversation: who sends, who receives, and what the capture shows of it. */
export interface Direction {
  readonly from: 'client' | 'server';
  readonly to: 'client' | 'server';
  /** Segments with payload, and the ones of the other end that acknowledge them. */
  readonly sent: readonly GraphPoint[];
  readonly answers: readonly GraphPoint[];
  readonly bytes: number;
}

/** Too few segments make no graph. */
const FEWEST = 3;

/** The directions that are worth a graph, the one with more bytes first. */
export function directionsOf({ graph, sent }: FlowReport): Direction[] {
  const points = graph?.points ?? [];
  const directions = (['client', 'server'] as const).map((from): Direction => {
    const to = from === 'client' ? 'server' : 'client';
    return {
      from,
      to,
      sent: points.filter(({ side, length }) => side === from && length > 0),
      answers: points.filter(({ side, ack }) => side === to && ack !== null),
      bytes: sent[from].bytes,
    };
  });
  return directions.filter((direction) => direction.sent.length >= FEWEST).sort((a, b) => b.bytes - a.bytes);
}

/** In the order of the capture again. */
export function merged({ sent, answers }: Direction): GraphPoint[] {
  return [...sent, ...answers.filter(({ length }) => length === 0)].sort((a, b) => a.at - b.at || a.frame - b.frame);
}
