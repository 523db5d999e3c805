// npm run fuzz -- --seed S --runs N
import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';

const { values } = parseArgs({ options: { seed: { type: 'string', default: '1' }, runs: { type: 'string', default: '10000' } } });
process.env.FUZZ_SEED = values.seed;
process.env.FUZZ_RUNS = values.runs;
await startVitest('test', ['test/fuzz/fuzz.test.ts'], { watch: false });
