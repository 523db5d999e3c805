/** What JSON.stringify(value, null, 2) writes, line by line: a text can be too long for a string. */
export function* indentedJson(value: unknown, indent = '', before = '', behind = ''): Generator<string, void, void> {
  const members = membersOf(value);
  if (members.length === 0) {
    yield indent + before + (JSON.stringify(value) ?? 'null') + behind;
    return;
  }
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  yield indent + before + open;
  for (const [i, [name, member]] of members.entries()) yield* indentedJson(member, `${indent}  `, name, i < members.length - 1 ? ',' : '');
  yield indent + close + behind;
}

/** Of a list or an object, with what stands before each. */
function membersOf(value: unknown): (readonly [string, unknown])[] {
  if (Array.isArray(value)) return value.map((member) => ['', member]);
  if (typeof value !== 'object' || value === null) return [];
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return entries.map(([name, member]) => [`${JSON.stringify(name)}: `, member]);
}
