/// <reference lib="dom" />
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { browse, hasChromium } from './chromium.js';
import { faintTexts } from './contrast.js';
import { pageOf, reportOf, SHOWN } from './reports.js';

const DESKTOP = { width: 1280, height: 900 };
const folder = mkdtempSync(join(tmpdir(), 'tcpexplain-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(!hasChromium)('the page without a mouse, without sight, on a small screen', { timeout: 120_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await browse();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });
  afterAll(async () => browser.close());

  async function open(recording: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await browser.newPage({ viewport: DESKTOP, ...options });
    await show(page, recording);
    return page;
  }

  async function show(page: Page, recording: string): Promise<void> {
    const path = join(folder, 'report.html');
    writeFileSync(path, pageOf(await reportOf(recording)));
    await page.goto(pathToFileURL(path).href);
  }

  test.each(SHOWN)(
    '%s: the Tab key goes from top to bottom, first past the navigation, and nothing it reaches is without a name',
    async (recording) => {
      const page = await open(recording);
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.getAttribute('href'))).toBe('#content');
      const reached = await page.evaluate(() => {
        const all = [...document.querySelectorAll<HTMLElement | SVGElement>('a[href],button,summary,[tabindex]')];
        return all.map((one) => ({
          tabIndex: one.tabIndex,
          name:
            one.getAttribute('aria-label') ??
            document.getElementById(one.getAttribute('aria-labelledby') ?? '')?.textContent ??
            one.textContent ??
            '',
          isMain: one.tagName === 'MAIN',
        }));
      });
      expect(reached.length).toBeGreaterThan(10);
      expect(reached.filter(({ tabIndex, isMain }) => tabIndex !== (isMain ? -1 : 0))).toEqual([]);
      expect(reached.filter(({ name, isMain }) => !isMain && name.trim() === '')).toEqual([]);
    },
  );

  test.each(SHOWN)('%s: headings leave no level out, drawings and landmarks have names', async (recording) => {
    const page = await open(recording);
    const levels = await page.locator('h1,h2,h3,h4,h5').evaluateAll((all) => all.map((one) => Number(one.tagName.slice(1))));
    expect(levels[0]).toBe(1);
    expect(levels.filter((level, i) => level > (levels[i - 1] ?? 0) + 1)).toEqual([]);
    const nameless = await page
      .locator('svg[role=img],nav,section[aria-labelledby],section[aria-label]')
      .evaluateAll((all) =>
        all.filter(
          (one) => !(one.getAttribute('aria-label') ?? document.getElementById(one.getAttribute('aria-labelledby') ?? '')?.textContent)?.trim(),
        ),
      );
    expect(nameless).toEqual([]);
    expect(await page.locator('svg:not([role=img])').count()).toBe(0);
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
  });

  test.each(['light', 'dark'] as const)('what is written in a drawing stands out from what is behind it, in %s', async (colorScheme) => {
    const page = await browser.newPage({ colorScheme });
    for (const recording of SHOWN) {
      await page.setViewportSize(DESKTOP);
      await show(page, recording);
      expect(await page.locator('svg text').count()).toBeGreaterThan(30);
      expect(await faintTexts(page, 'svg text')).toEqual([]);
      await page.setViewportSize({ width: 375, height: 800 });
      expect(await faintTexts(page, '.rungs :is(li, b, code)')).toEqual([]);
    }
  });

  test('what the diagram of a finding draws is a list for those who do not see it', async () => {
    const page = await open('transfer/two-percent-lost/client.pcap');
    const heard = await page.locator('.proof').first().ariaSnapshot();
    expect(heard).toMatch(/img "Sequence diagram: \d+ segments between client .* the same as a list follows\."/);
    expect(heard).toMatch(/text: "?0\.\d{6} s, frame \d+, client to server:/);
  });

  test('and so is that of a conversation, with the findings that its packets show', async () => {
    const page = await open('closing/fin-wait1-stalls-behind-zero-window/client.pcap');
    const list = page.locator('.conversation .rungs');
    expect(await list.locator('li').count()).toBe(await page.locator('.conversation .ladder :is(.rung, .fold)').count());
    expect(await list.locator('li', { hasText: 'frame 23,' }).innerText()).toMatch(/R 8689:8689\(0\) win 0\s+finding 1$/);
  });

  test('on a phone the diagram of a finding is that list, which needs no scrolling to the side', async () => {
    const page = await open('transfer/two-percent-lost/client.pcap', { viewport: { width: 375, height: 800 } });
    const [list, diagram] = [page.locator('.proof .rungs').first(), page.locator('.proof svg').first()];
    expect([await list.isVisible(), await diagram.isVisible()]).toEqual([true, false]);
    const segment = await list.locator('code').first().boundingBox();
    expect((segment?.x ?? 999) + (segment?.width ?? 999)).toBeLessThan(375);
  });
});

test.skipIf(hasChromium)('not tried in a browser: /usr/bin/chromium is not installed', () => {});
