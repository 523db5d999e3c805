import type { ViewOptions } from '../../src/views/view.js';

export const PLAIN: ViewOptions = { width: 100, color: false, ascii: false, top: 5, verbose: true };
