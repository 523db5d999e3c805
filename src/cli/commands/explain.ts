import type { Command } from 'commander';
import { CaptureError } from '../../capture/error.js';
import { entries, explain as entryOf, similar } from '../../explain.js';
import { catalogue, explanation } from '../../views/explanation.js';
import { appearance, type Wishes } from '../appearance.js';
import { writeLines } from '../out.js';

export function explain(program: Command): void {
  program
    .command('explain')
    .description('the manual page of an observation, a pattern or a cause; without id the list')
    .argument('[id]')
    .action(explainId);
}

async function explainId(id: string | undefined, _: unknown, command: Command): Promise<void> {
  const options = appearance(command.optsWithGlobals<Wishes>(), process.env, process.stdout);
  if (id === undefined) return writeLines(catalogue(entries(), options), process.stdout);
  const entry = entryOf(id);
  if (entry !== undefined) return writeLines(explanation(entry, options), process.stdout);
  const near = similar(id);
  throw new CaptureError(
    `nothing is called "${id}"${near.length > 0 ? `; do you mean ${near.join(', ')}?` : '; "tcpexplain explain" lists what there is'}`,
  );
}
