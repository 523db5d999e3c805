import type { Capture } from '../capture/capture.js';

/** Nanoseconds do not matter here: a second without an answer does. */
const PATIENCE = 1000;
const EVERY = 250;

/** Shows how far the capture that is being read has been read, once that takes longer than a second. Returns how to stop. */
export function showProgress(current: () => Capture, terminal: { write(text: string): unknown }): () => void {
  const since = Date.now();
  const timer = setInterval(() => {
    const elapsed = Date.now() - since;
    if (elapsed < PATIENCE) return;
    const { bytes, size, frames } = current().progress;
    const speed = `${Math.round(frames / elapsed)}k packets/s`;
    const part = size === undefined ? `${megabytes(bytes)} read` : `${Math.floor((100 * bytes) / Math.max(size, 1))} % of ${megabytes(size)}`;
    const left = size === undefined || bytes === 0 ? '' : `, ${Math.ceil(((size - bytes) / bytes) * (elapsed / 1000))} s left`;
    terminal.write(`\r\u001b[K${part}, ${frames} packets, ${speed}${left}`);
  }, EVERY);
  timer.unref();
  return () => {
    clearInterval(timer);
    if (Date.now() - since >= PATIENCE) terminal.write('\r\u001b[K');
  };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}
