/** A span as people say it: "40 ms", "1.02 s", "2 min 14 s". Takes nanoseconds. */
export function durationText(nanoseconds: number): string {
  const milliseconds = nanoseconds / 1e6;
  if (milliseconds < 0.1) return `${Math.round(nanoseconds / 1000)} µs`;
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(2)} s`;
  if (seconds < 120) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds - minutes * 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A number with its noun: "1 SYN", "3 SYNs". */
export function countText(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

/** How often, within a sentence: "once", "3 times". */
export function timesText(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

/** A part of what was counted: "2 of 3 answers", "all 3 answers", "the one answer". */
export function shareText(count: number, all: number, noun: string): string {
  if (count < all) return `${count} of ${countText(all, noun)}`;
  return all === 1 ? `the one ${noun}` : `all ${countText(all, noun)}`;
}

/** A sentence that goes on where another one began; words that are all capitals stay. */
export function continued(sentence: string): string {
  return sentence.replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase());
}

/** The beginning of a sentence. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Bytes as people say them: "512 B", "1.4 kB", "3.2 MB". */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** "a", "a and b", "a, b and c". */
export function listText(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
