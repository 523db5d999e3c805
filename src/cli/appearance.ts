/** How text is to look. */
export interface Appearance {
  color: boolean;
  ascii: boolean;
  /** Columns. */
  width: number;
}

export interface Wishes {
  color?: 'auto' | 'always' | 'never';
  ascii?: boolean;
  width?: number;
}

/** What the user wishes comes first, then the environment (https://no-color.org, https://force-color.org), then whether a person reads it. */
export function appearance({ color, ascii, width }: Wishes, environment: NodeJS.ProcessEnv, out: { isTTY?: boolean; columns?: number }): Appearance {
  const { NO_COLOR = '', FORCE_COLOR = '', TERM } = environment;
  const isForced = FORCE_COLOR !== '' && FORCE_COLOR !== '0';
  const isForPeople = out.isTTY === true && NO_COLOR === '' && TERM !== 'dumb';
  const wanted = color === 'always' || (color !== 'never' && (isForced || isForPeople));
  return { color: wanted, ascii: ascii === true, width: Math.min(Math.max(width ?? (out.columns || USUAL_WIDTH), NARROWEST), WIDEST) };
}

const USUAL_WIDTH = 100;
const NARROWEST = 40;
const WIDEST = 200;
