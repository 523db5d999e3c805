/// <reference lib="dom" />
import type { Page } from 'playwright-core';

/**
 * Texts of a page that stand out from what is behind them by less than 4.5 to 1 (WCAG 2.2, 1.4.3). Of drawings, what is behind is the shape
 * that the text is written on, or what lies behind the whole drawing.
 */
export function faintTexts(page: Page, selector: string): Promise<string[]> {
  return page.locator(selector).evaluateAll((all) => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D;
    const known = new Map<string, number[]>();
    const parts = (colour: string): number[] => {
      const before = known.get(colour);
      if (before !== undefined) return before;
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      const found = [...canvas.getImageData(0, 0, 1, 1).data];
      known.set(colour, found);
      return found;
    };
    const light = (colour: string): number => {
      const [red = 0, green = 0, blue = 0] = parts(colour).map((part) =>
        part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const behind = (one: Element): string => {
      const shape = one.matches('.badge > text, .state > text:not(.life-state)')
        ? one.parentElement?.querySelector(':scope > :is(rect, circle)')
        : null;
      if (shape && getComputedStyle(shape).fillOpacity === '1') return getComputedStyle(shape).fill;
      for (let at: Element | null = one; at !== null; at = at.parentElement) {
        const colour = getComputedStyle(at).backgroundColor;
        if (parts(colour)[3] === 255) return colour;
      }
      return 'rgb(255, 255, 255)';
    };
    return all.flatMap((one) => {
      const style = getComputedStyle(one);
      const [a, b] = [light(one.tagName === 'text' ? style.fill : style.color), light(behind(one))];
      const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      return one.checkVisibility() && contrast < 4.5 ? [`${contrast.toFixed(2)} ${one.outerHTML.slice(0, 120)}`] : [];
    });
  });
}
