/// <reference lib="dom" />
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.js';
import { captureOf } from '../bytes.js';
import { browse, hasChromium } from './chromium.js';
import { faintTexts } from './contrast.js';
import { longTransfer } from './long-transfer.js';
import { pageOf, reportOf, SHOWN, withTexts } from './reports.js';

const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 800 };
const LOSSES = SHOWN.at(-1) as string;

const folder = mkdtempSync(join(tmpdir(), 'tcpexplain-'));
afterAll(() => rmSync(folder, { recursive: true }));
const PATH = join(folder, 'report.html');
const URL_OF_PAGE = pathToFileURL(PATH).href;

interface Opened {
  page: Page;
  /** What the console says, errors of the page, and addresses that it asked for beside its own. */
  complaints: string[];
}

describe.skipIf(!hasChromium)('in Chromium, from disk', { timeout: 120_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await browse();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });
  afterAll(async () => browser.close());

  async function open(content: string, options: BrowserContextOptions = {}): Promise<Opened> {
    const page = await (await browser.newContext({ viewport: DESKTOP, ...options })).newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
    page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`));
    page.on('request', (request) => {
      if (request.url() !== URL_OF_PAGE) complaints.push(`request: ${request.url()}`);
    });
    await show(page, content);
    return { page, complaints };
  }

  async function show(page: Page, content: string): Promise<void> {
    writeFileSync(PATH, content);
    await page.goto(URL_OF_PAGE);
  }

  test.each(SHOWN)('%s: no complaint, no request, every drawing is there, every link works', async (recording) => {
    const { page, complaints } = await open(pageOf(await reportOf(recording)));
    const drawings = await page.locator('svg').evaluateAll((all) => all.map((svg) => svg.checkVisibility() && svg.getBoundingClientRect().height));
    expect(drawings.length).toBeGreaterThan(1);
    for (const height of drawings.filter((one) => one !== false)) expect(height).toBeGreaterThan(60);
    const links = await page.locator('nav a').evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
    expect(links.filter((link) => /^#f\d/.test(link)).length).toBeGreaterThan(0);
    for (const link of links) {
      await page.locator(`nav a[href="${link}"]`).first().click();
      await expect.poll(() => page.locator(link).evaluate((target) => Math.round(target.getBoundingClientRect().top))).toBeLessThan(DESKTOP.height);
      expect(page.url().endsWith(link)).toBe(true);
    }
    expect(complaints).toEqual([]);
  });

  test.each(SHOWN)('%s: all of it can be read with scripts off', async (recording) => {
    const report = await reportOf(recording);
    const { page } = await open(pageOf(report), { javaScriptEnabled: false });
    const text = await page.locator('main').innerText();
    for (const { title, sentence, suspects } of report.findings) {
      for (const said of [title, sentence, suspects[0]?.title ?? '']) expect(text).toContain(said);
    }
    expect(await page.locator('.ladder').first().isVisible()).toBe(true);
    expect(await page.locator('.copy').first().isVisible()).toBe(false);
    expect(
      await page
        .locator('.card')
        .first()
        .evaluate((card) => getComputedStyle(card).borderLeftWidth),
    ).toBe('5px');
  });

  test.each([
    ['phone', PHONE],
    ['desktop', DESKTOP],
  ])('on a %s nothing is wider than the screen but what scrolls by itself', async (_, viewport) => {
    const page = await browser.newPage({ viewport });
    for (const recording of SHOWN) {
      await show(page, pageOf(await reportOf(recording)));
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(viewport.width);
      const outside = await page.locator('main *:not(.scroll *):not(.scroll)').evaluateAll((all, width) => {
        return all.filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > width + 1).map((one) => one.outerHTML.slice(0, 80));
      }, viewport.width);
      expect(outside).toEqual([]);
    }
  });

  test('what a capture or a name brings along does not run and does not become part of the page', async () => {
    const payload = '"><img src=x onerror=alert(1)></style></script><script>alert(2)</script>';
    const { page, complaints } = await open(pageOf(withTexts(await reportOf(LOSSES), (text) => `${text}${payload}`)));
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('script:not([type])').count()).toBe(1);
    expect(await page.locator('h1').innerText()).toContain(payload);
    expect(complaints).toEqual([]);
  });

  test('a script or a style that got in would be refused', async () => {
    const planted = '<script>document.title = "planted"</script><p id="planted" style="position:fixed">x</p>';
    const { page, complaints } = await open(pageOf(await reportOf(LOSSES)).replace('<footer>', `${planted}<footer>`));
    expect(await page.title()).not.toBe('planted');
    expect(await page.locator('#planted').evaluate((one) => getComputedStyle(one).position)).toBe('static');
    expect(complaints.filter((complaint) => /Content Security Policy/.test(complaint)).length).toBeGreaterThanOrEqual(2);
  });

  test('the pointer shows frame and filter of the nearest segment', async () => {
    const { page } = await open(pageOf(await reportOf(LOSSES)));
    const mark = page.locator('#c0-client-sequence g.mark-fast').first();
    const frame = await mark.getAttribute('data-frame');
    await mark.hover({ force: true });
    await expect.poll(() => page.locator('#tip').innerText()).toContain(`frame.number eq ${frame}`);
    expect(await page.locator('#tip').innerText()).toContain('resent-fast');
  });

  test('the arrow keys go from segment to segment, Escape ends it', async () => {
    const { page } = await open(pageOf(await reportOf(LOSSES)));
    await page.locator('#c0-client-sequence svg').focus();
    const said: string[] = [];
    for (let i = 0; i < 3; i++) {
      await page.keyboard.press('ArrowRight');
      said.push(/Frame (\d+)/.exec(await page.locator('#tip').innerText())?.[1] ?? '');
    }
    expect(said.map(Number)).toEqual(said.map(Number).toSorted((a, b) => a - b));
    expect(new Set(said).size).toBe(3);
    await page.keyboard.press('Escape');
    expect(await page.locator('#tip').isVisible()).toBe(false);
  });

  test('a filter is copied with a click', async () => {
    const { page } = await open(pageOf(await reportOf(LOSSES)));
    await page.locator('.card .copy').first().click();
    await expect.poll(() => page.locator('#tip').innerText()).toMatch(/Copied\s+tcp\.stream eq 0/);
  });

  test.each(['light', 'dark'] as const)('text stands out from what is behind it, in %s (WCAG 2.2, 1.4.3)', async (colorScheme) => {
    for (const recording of [LOSSES, SHOWN[0] as string]) {
      const { page } = await open(pageOf(await reportOf(recording)), { colorScheme });
      const faint = await faintTexts(page, 'main :is(p, dd, dt, li, b, h1, h2, h3, h4, h5, summary, code, .severity, .number, .chip)');
      expect([...new Set(faint)]).toEqual([]);
    }
  });

  test('on paper: no navigation, no buttons, light', async () => {
    const { page } = await open(pageOf(await reportOf(LOSSES)), { colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('nav').isVisible()).toBe(false);
    expect(await page.locator('.copy').first().isVisible()).toBe(false);
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(255, 255, 255)');
  });

  test('a conversation of 100,000 packets makes no more elements than a browser lays out at once', async () => {
    const { page, complaints } = await open(pageOf(await analyze(captureOf(longTransfer(3312).file), { graphs: true })));
    expect(await page.locator('*').count()).toBeLessThan(5000);
    await page.locator('#c0-client-sequence svg').hover({ position: { x: 400, y: 200 } });
    expect(complaints).toEqual([]);
  });
});

test.skipIf(hasChromium)('not looked at in a browser: /usr/bin/chromium is not installed', () => {});
