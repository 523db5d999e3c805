import { createReadStream } from 'node:fs';
import { CaptureError, reason } from '../capture/error.js';

/**
 * The lines of a file that is no capture, without their ends and without the mark that some editors put first. Devices have no end, nor
 * have some lines: one of more than `longest` bytes is refused before the rest of it is read.
 */
export async function* linesOf(path: string, longest: number): AsyncGenerator<string, void, void> {
  let line = '';
  let isFirst = true;
  const next = (text: string): string => {
    const plain = isFirst && text.startsWith(MARK) ? text.slice(MARK.length) : text;
    isFirst = false;
    return plain.endsWith('\r') ? plain.slice(0, -1) : plain;
  };
  try {
    for await (const chunk of createReadStream(path, 'latin1')) {
      const lines = (line + (chunk as string)).split('\n');
      line = lines.pop() ?? '';
      for (const whole of lines) yield next(whole);
      if (line.length > longest) throw new CaptureError(`${path} has a line of more than ${longest} bytes: it is something else`);
    }
  } catch (error) {
    throw error instanceof CaptureError ? error : new CaptureError(`${path}: ${reason(error)}`);
  }
  if (line !== '') yield next(line);
}

/** The byte order mark in UTF-8, byte by byte. */
const MARK = '\u00ef\u00bb\u00bf';
