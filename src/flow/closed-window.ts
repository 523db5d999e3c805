/** Whether a receiver's window is closed, and when that changed last. Times in nanoseconds since the capture's epoch. */
export class ClosedWindow {
  isClosed = false;
  /** When it was closed the last time. */
  since = 0;
  /** When it was opened again the last time. */
  until = 0;

  note(window: number, time: number): void {
    const isClosed = window === 0;
    if (isClosed === this.isClosed) return;
    this.isClosed = isClosed;
    if (isClosed) this.since = time;
    else this.until = time;
  }
}
