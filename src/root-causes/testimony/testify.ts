import { countText } from '../../hosts/wording.js';
import { type Suspect, weaker } from '../weigh.js';
import { hear, type Testimony } from './hear.js';
import type { Sign, Witness } from './sign.js';
import { type End, Sockets } from './sockets.js';
import type { Witnesses } from './witnesses.js';

/** The ends of the conversation in question, as the pattern is told of them. */
export interface Scene {
  readonly own: End;
  readonly peer: End;
  /** The one end whose address resets carry; undefined when both or none do. */
  readonly resetting: End | undefined;
  readonly witnesses: Witnesses;
}

/** How often the capture shows what a cause is suspected of, at one host. */
export interface Occurrences {
  readonly conversations: number;
  readonly frames: number;
}

/** Repetitions count as well, some ten of each segment; beyond that a counter tells rather of something that was not captured. */
const MUCH = 10;

/** What the facts make of a suspect: confirmed, likelier, doubtful, or ruled out. Without facts it stays as it is. */
export function testify(suspect: Suspect, scene: Scene, shown: Occurrences): Suspect {
  const testimonies = [...(suspect.cause.facts ?? []), ...suspect.signs].flatMap((sign) => testimonyOf(sign, suspect, scene) ?? []);
  const facts = testimonies.flatMap(({ proof, support }) => [...proof, ...support]);
  const against = testimonies.flatMap(({ contradiction }) => contradiction);
  if (against.length > 0) return contradicted({ ...suspect, facts }, against, testimonies);
  const proofs = testimonies.filter(({ proof }) => proof.length > 0);
  if (proofs.length === 0) return { ...suspect, facts };
  const times = proofs.every((one) => one.times !== undefined) ? Math.max(...proofs.map((one) => one.times ?? 0)) : undefined;
  if (times !== undefined && times < shown.conversations)
    return {
      ...suspect,
      facts,
      against: [...suspect.against, `the capture shows it in ${countText(shown.conversations, 'conversation')}, more than the counters do`],
    };
  const isFarMore = times !== undefined && times > MUCH * shown.frames;
  if (isFarMore && suspect.certainty !== 'certain')
    return { ...suspect, facts: [...facts, 'that is far more often than the capture shows it'], certainty: 'likely' };
  return { ...suspect, facts, certainty: 'confirmed' };
}

/** Against what nothing else can produce, or what another fact proves, a fact only raises doubt: it may be of another host, container or time. */
function contradicted(suspect: Suspect, against: readonly string[], testimonies: readonly Testimony[]): Suspect {
  const isProven = suspect.certainty === 'certain' || testimonies.some(({ proof }) => proof.length > 0);
  if (!isProven) return { ...suspect, ruledOut: [...suspect.ruledOut, ...against] };
  const doubts = against.map((fact) => `${fact}; was that read on the right host, in the right container, around the time of the capture?`);
  return { ...suspect, certainty: weaker(suspect.certainty), against: [...suspect.against, ...doubts] };
}

function testimonyOf(sign: Sign, suspect: Suspect, scene: Scene): Testimony | undefined {
  const witness = sign.at ?? (suspect.where === 'the capture' ? undefined : suspect.where);
  const end = witness && endOf(witness, scene);
  const host = witness === 'the path' ? scene.witnesses.between : end && scene.witnesses.at(end.host);
  if (host === undefined) return undefined;
  const own = end ?? scene.own;
  const heard = hear(sign, host, new Sockets(host.facts.sockets, own, own === scene.own ? scene.peer : scene.own));
  if (end === undefined) return withPlace(heard, 'in the middle');
  return witness === suspect.where ? heard : withPlace(heard, `on ${end.host}`);
}

function endOf(witness: Witness, { own, peer, resetting }: Scene): End | undefined {
  return { 'this end': own, 'the peer': peer, 'the end that resets': resetting, 'the path': undefined }[witness];
}

function withPlace({ proof, times, support, contradiction }: Testimony, place: string): Testimony {
  const placed = (clauses: readonly string[]): string[] => clauses.map((clause) => `${place} ${clause}`);
  return { proof: placed(proof), times, support: placed(support), contradiction: placed(contradiction) };
}
