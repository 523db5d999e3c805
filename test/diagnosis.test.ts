import { beforeAll, describe, expect, test } from 'vitest';
import { type Label, labelOf, labels } from './diagnosis/labels.js';
import { type Said, type Score, scoreOf } from './diagnosis/score.js';
import { reportsOfRecordings } from './reports.js';

/** Share of the captures whose cause is found, or that are rightly passed over. */
const GOAL = 0.97;

const scored: (Score & { label: Label })[] = [];
const unreported: string[] = [];

beforeAll(async () => {
  const findings = new Map((await reportsOfRecordings()).map(({ name, report }) => [name, report.findings]));
  for (const label of labels()) {
    const said = findings.get(label.file);
    if (said === undefined) unreported.push(label.file);
    else scored.push({ label, ...scoreOf(label, said) });
  }
  console.log(summary());
}, 600_000);

function share(of: readonly Score[]): string {
  return `${of.filter(({ isHit }) => isHit === true).length}/${of.length}`;
}

function summary(): string {
  const counted = scored.filter(({ isHit }) => isHit !== undefined);
  const benign = counted.filter(({ label }) => label.must.length === 0);
  const [falselyCertain, overclaimed] = [scored.flatMap((one) => one.falselyCertain), scored.flatMap((one) => one.overclaimed)];
  return `diagnosis: hits ${share(counted)}, benign clean ${share(benign)}, false certain ${falselyCertain.length}, overclaimed ${overclaimed.length}`;
}

function misses(): string[] {
  return scored
    .filter(({ isHit }) => isHit === false)
    .map(({ label, first }) => `${label.file}: wants ${label.must.join(' or ') || 'quiet'}, says ${first.join(', ') || 'nothing'}`);
}

describe('the reports on all recordings, against what each place of capture can show', () => {
  test('there is a report for every label', () => {
    expect(unreported).toEqual([]);
    expect(scored.length).toBeGreaterThan(400);
  });

  test('97 of 100 find the cause, or keep quiet where nothing is wrong', () => {
    const counted = scored.filter(({ isHit }) => isHit !== undefined);
    const share = 1 - misses().length / counted.length;
    expect(share, `${summary()}\n${misses().join('\n')}`).toBeGreaterThanOrEqual(GOAL);
  });

  test('none raises an alarm where nothing is wrong', () => {
    const alarmed = scored.filter(({ label, isHit }) => label.must.length === 0 && isHit === false);
    expect(alarmed.map(({ label, first }) => `${label.file}: ${first.join(', ')}`)).toEqual([]);
  });

  test('none is certain of what is not so', () => {
    expect(scored.flatMap(({ label, falselyCertain }) => falselyCertain.map((claim) => `${label.file}: ${claim}`))).toEqual([]);
  });

  test('none is surer than its place of capture allows', () => {
    expect(scored.flatMap(({ label, overclaimed }) => overclaimed.map((claim) => `${label.file}: ${claim}`))).toEqual([]);
  });
});

describe('how a report is scored', () => {
  const said = (cause: string, certainty: string, severity: Said['severity'] = 'warning'): Said[] => [
    { pattern: 'loss-repaired', severity, suspects: [{ cause, certainty }] },
  ];
  const label = labelOf('a/b/client.pcap\tyes\tloss\tdelay,probe\tlikely,also=possible,probe=certain\tno\t-');

  test('the cause has to be the first suspect', () => {
    expect(scoreOf(label, said('loss', 'possible'))).toMatchObject({ isHit: true, falselyCertain: [], overclaimed: [] });
    expect(scoreOf(label, said('delay', 'likely'))).toMatchObject({ isHit: false, first: ['delay (likely)'] });
    expect(scoreOf(label, [])).toMatchObject({ isHit: false });
  });

  test('to be certain of something else is worse than a miss', () => {
    expect(scoreOf(label, said('other', 'certain'))).toMatchObject({ isHit: false, falselyCertain: ['other (certain)'] });
    expect(scoreOf(label, said('other', 'likely')).falselyCertain).toEqual([]);
    expect(scoreOf(label, said('capture-ends-early', 'certain')).falselyCertain).toEqual([]);
  });

  test('each cause has its own limit', () => {
    expect(scoreOf(label, said('loss', 'certain')).overclaimed).toEqual(['loss (certain)']);
    expect(scoreOf(label, said('delay', 'certain')).overclaimed).toEqual(['delay (certain)']);
    expect(scoreOf(label, said('probe', 'certain')).overclaimed).toEqual([]);
  });

  test('where nothing is wrong nothing may be louder than a note', () => {
    const benign = labelOf('a/b/client.pcap\tyes\t-\t-\t-\tyes\t-');
    expect(scoreOf(benign, said('loss', 'possible')).isHit).toBe(false);
    expect(scoreOf(benign, said('loss', 'possible', 'note')).isHit).toBe(true);
  });

  test('a certainty that does not exist is no limit', () => {
    expect(() => labelOf('a/b/client.pcap\tyes\tloss\t-\tsure\tno\t-')).toThrow('no certainty is called "sure"');
  });
});
