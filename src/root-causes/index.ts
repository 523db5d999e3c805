import type { Cause } from './cause.js';
import { acceptQueueOverflowAbort } from './handshake/accept-queue-overflow-abort.js';
import { twRecycleNatSynDrop } from './handshake/tw-recycle-nat-syn-drop.js';
import { nagleDelayedAckStall } from './transfer/nagle-delayed-ack-stall.js';

export const causes: readonly Cause[] = [acceptQueueOverflowAbort, twRecycleNatSynDrop, nagleDelayedAckStall];
