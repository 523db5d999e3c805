import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, runIn } from '../cli/run.js';

test('the report that the front page shows is the one that its command prints', async () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const [command = '', ...shown] = (/```\n(\$ npx tcpexplain [\s\S]*?)\n```/.exec(readme)?.[1] ?? '').split('\n');
  expect(shown.pop()?.trim()).toBe('…');
  expect(shown.length).toBeGreaterThan(20);
  const { out } = await runIn(ROOT, command.replace('$ npx tcpexplain ', '').split(' '));
  const [name, ...lines] = out.split('\n');
  expect(command).toContain(name);
  expect(shown).toEqual(lines.slice(0, shown.length)); // the name of the file stands in the command
});
