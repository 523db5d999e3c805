import { closing } from './closing.js';
import { connecting } from './connecting.js';
import { givingUp } from './giving-up.js';
import { host } from './host.js';
import { memory } from './memory.js';
import { negotiating } from './negotiating.js';
import { path } from './path.js';
import { recovering } from './recovering.js';
import type { Sysctl } from './sysctl.js';

/** Every setting that advice about TCP on Linux mentions, also those that do not exist any more. */
export const sysctls: readonly Sysctl[] = [...connecting, ...negotiating, ...memory, ...recovering, ...givingUp, ...closing, ...path, ...host];
