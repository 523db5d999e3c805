/** Nothing of this input could be analysed: one line for the reader, with the next step. The command line exits with 2. */
export class CaptureError extends Error {
  override name = 'CaptureError';
}

/** The input was readable up to a point. What was read is analysed; this says what was not. The command line exits with 3. */
export interface Damage {
  file: string;
  /** What is wrong, as a clause: "the last record is cut off". */
  what: string;
  /** Byte offset (after decompression) of the first byte that could not be used. */
  offset: number;
  /** Bytes from there on that were not analysed, where the size of the input is known. */
  unread?: number;
}

/** What was thrown in the middle of an input, as a clause. */
export function failure(error: unknown): string {
  return `reading it failed (${codeOf(error)})`;
}

/** Why a file cannot be opened, as a clause. */
export function reason(error: unknown): string {
  const code = codeOf(error);
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EISDIR':
      return 'it is a directory';
    case 'EACCES':
    case 'EPERM':
      return 'reading it is not permitted';
    case 'ELOOP':
      return 'its symbolic links lead in a circle';
    default:
      return `it cannot be read (${code})`;
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
