/** A filter that cannot be understood, with the place: whoever shows it can put a caret there. */
export class FilterError extends Error {
  override name = 'FilterError';

  constructor(
    message: string,
    readonly filter: string,
    /** Characters from the start of the filter, and how many are wrong. */
    readonly at: number,
    readonly length: number,
  ) {
    super(message);
  }
}
