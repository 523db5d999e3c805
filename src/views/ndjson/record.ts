type Scalar = string | number | boolean | null;

/** One line: nothing but scalars and lists of them. */
export type FlatRecord = Readonly<Record<string, Scalar | readonly string[] | readonly number[]>>;
