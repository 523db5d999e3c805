import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { json } from '../../src/views/json.js';
import { ndjson } from '../../src/views/ndjson.js';
import { comparisonsOfRecordings, fullReportsOfRecordings, type Reported, reportsOfRecordings } from '../reports.js';
import { PAYLOADS, reportWith } from './payloads.js';
import { PLAIN } from './view-options.js';

const SCHEMAS = join(fileURLToPath(import.meta.url), '..', '..', '..', 'schema');
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
const schemas = {
  report: JSON.parse(readFileSync(join(SCHEMAS, 'report.schema.json'), 'utf8')),
  record: JSON.parse(readFileSync(join(SCHEMAS, 'record.schema.json'), 'utf8')),
};
const isReport = ajv.compile(schemas.report);
const isRecord = ajv.compile(schemas.record);

let reports: Reported[] = [];
let compared: Reported[] = [];
beforeAll(async () => {
  compared = await comparisonsOfRecordings(['path', 'transfer']);
  reports = [...(await reportsOfRecordings()), ...(await fullReportsOfRecordings()), ...compared];
}, 300_000);

describe('the report as JSON', () => {
  test('satisfies its schema, whatever the recording', () => {
    for (const { name, report } of reports) {
      isReport(JSON.parse([...json(report, PLAIN)].join('\n')));
      expect(isReport.errors ?? [], name).toEqual([]);
    }
    expect(reports.length).toBeGreaterThan(500);
  });

  test('satisfies it with whatever a file name or a fact can bring into it', () => {
    for (const [name, payload] of PAYLOADS) {
      isReport({ ...reportWith(payload), flows: [], leftOut: [{ by: 'filter', what: 'conversations', count: 1 }] });
      expect(isReport.errors ?? [], name).toEqual([]);
    }
  });

  test('has no property that the schema does not name, and needs every one that it names', () => {
    const [{ report }] = reports as [Reported];
    expect(isReport({ ...report, more: 1 })).toBe(false);
    expect(isReport({ ...report, capture: { ...report.capture, more: 1 } })).toBe(false);
    expect(isReport({ ...report, paths: [{}] })).toBe(false);
    for (const key of Object.keys(report)) expect(isReport({ ...report, [key]: undefined }), key).toBe(false);
  });

  test('shows every property that the schema describes in some recording', () => {
    const texts = reports.map(({ report }) => JSON.stringify(report));
    const missing = Object.entries<{ properties?: object }>(schemas.report.$defs)
      .flatMap(([name, { properties = {} }]) => Object.keys(properties).map((key) => `${name}.${key}`))
      .filter((path) => !texts.some((text) => text.includes(`"${path.split('.')[1]}":`)));
    const fromOutside = ['leftOut.by', 'leftOut.what', 'ruledOut.by']; // choices of the reader, and facts of the hosts
    expect(missing.filter((path) => !fromOutside.includes(path))).toEqual([]);
  });

  test.each(PAYLOADS)('says %s and means it', (_, payload) => {
    const parsed = JSON.parse([...json(reportWith(payload), PLAIN)].join('\n'));
    expect(parsed.input[0].name).toBe(payload);
  });
});

describe('the report as NDJSON', () => {
  test('is one record a line, each as its schema says', () => {
    for (const { name, report } of reports) {
      for (const line of ndjson(report, PLAIN)) {
        expect(line).not.toContain('\n');
        isRecord(JSON.parse(line));
        expect(isRecord.errors ?? [], name).toEqual([]);
      }
    }
  });

  test('tells as much as the report: every host, conversation, finding and suspect', () => {
    for (const { report } of reports) {
      const kinds = [...ndjson(report, PLAIN)].map((line) => JSON.parse(line).record as string);
      const counted = (kind: string): number => kinds.filter((one) => one === kind).length;
      expect([counted('capture'), counted('host'), counted('flow'), counted('finding'), counted('suspect')]).toEqual([
        1,
        report.hosts.length,
        report.flows.length,
        report.findings.length,
        report.findings.flatMap(({ suspects }) => suspects).length,
      ]);
    }
  });

  test('tells of the path what the report tells: every direction, event, change and silence', () => {
    expect(compared.filter(({ report }) => report.paths?.length).length).toBeGreaterThan(20);
    for (const { report } of compared) {
      const kinds = [...ndjson(report, PLAIN)].map((line) => JSON.parse(line).record as string);
      const counted = (kind: string): number => kinds.filter((one) => one === kind).length;
      const { paths = [] } = report;
      expect(['path', 'path-way', 'path-event', 'path-rewriting', 'path-silence'].map(counted)).toEqual([
        paths.length,
        ...(['ways', 'events', 'rewritten', 'silences'] as const).map((part) => paths.flatMap((path): unknown[] => [...path[part]]).length),
      ]);
    }
  });

  test('has flat keys: nothing but scalars and lists of them', () => {
    for (const { report } of [...reports.slice(0, 1), ...compared]) {
      for (const line of ndjson(report, PLAIN)) {
        const values = Object.values(JSON.parse(line) as object).flat();
        expect(values.filter((value) => value !== null && typeof value === 'object')).toEqual([]);
      }
    }
  });
});
