import type { Command } from 'commander';
import { CaptureError } from '../../capture/error.js';
import { groups, pages, similar } from '../../explain.js';
import { catalogue } from '../../views/explanation/catalogue.js';
import { explanation } from '../../views/explanation.js';
import { appearance, type Wishes } from '../appearance.js';
import { addAppearanceOptions } from '../options.js';
import { writeLines } from '../out.js';

const EXAMPLES = `
Examples:
  tcpexplain explain
  tcpexplain explain zero_window
  tcpexplain explain accept-queue-overflow-abort
`;

export function explain(program: Command): void {
  const command = program
    .command('explain')
    .description('the manual page of an observation, a pattern, a cause, a sysctl, a counter or a drop reason; without id the list')
    .argument('[id]')
    .addHelpText('after', EXAMPLES)
    .action(explainId);
  addAppearanceOptions(command);
}

async function explainId(id: string | undefined, wishes: Wishes): Promise<void> {
  const options = appearance(wishes, process.env, process.stdout);
  if (id === undefined) return writeLines(catalogue(groups(), options), process.stdout);
  const found = pages(id);
  if (found.length > 0) return writeLines(explanation(found, options), process.stdout);
  const near = similar(id);
  throw new CaptureError(
    `nothing is called "${id}"${near.length > 0 ? `; do you mean ${near.join(', ')}?` : '; "tcpexplain explain" lists what there is'}`,
  );
}
