#!/usr/bin/env node
import { analyze } from './analyze.js';
import { Capture } from './capture/capture.js';
import { fileSource } from './capture/source.js';
import { listFlags } from './listings/flags.js';
import { listStates } from './listings/states.js';

const cmd = process.argv[2]!;
const path = process.argv[3]!;
const capture = new Capture([() => fileSource(path)]);
if (cmd === '--format') { console.log(JSON.stringify(await analyze(new Capture([() => fileSource(process.argv[4]!)])), undefined, 1)); process.exit(0); }
console.log(cmd === 'flags' ? 'frame\tstream\tflag\tverdict' : 'time\tstream\tside\taddress\tpeer\tfrom\tto\tframe\tbasis');
for await (const row of cmd === 'flags' ? listFlags(capture) : listStates(capture)) {
  console.log(Object.values(row).join('\t'));
}
