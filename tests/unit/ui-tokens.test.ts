import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { hexToRgb } from '../../src/ui/color/oklab';

const css = readFileSync(new URL('../../src/ui/tokens.css', import.meta.url), 'utf8');

/** Both values of a `light-dark()` token. */
function token(name: string): readonly [light: string, dark: string] {
  const found = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(css);
  if (!found) throw new Error(`tokens.css has no --${name}`);
  return [found[1]!, found[2]!];
}

function luminance(hex: string): number {
  const [r, g, b] = hexToRgb(hex).map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: string, b: string): number {
  const [hi, lo] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (hi! + 0.05) / (lo! + 0.05);
}

describe('tokens', () => {
  it.each(['ink', 'ink2', 'ink3', 'focus', 'bad'])('--%s is readable as text on the page and on panels, in both themes', (name) => {
    for (const theme of [0, 1] as const) {
      for (const ground of ['bg', 'bg2']) expect(contrast(token(name)[theme], token(ground)[theme])).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('warnings are readable on their own ground', () => {
    for (const theme of [0, 1] as const) expect(contrast(token('warn')[theme], token('warnbg')[theme])).toBeGreaterThanOrEqual(4.5);
  });

  it.each(['rtn', 'smooth', 'svd', 'lorc', 'hero', 'iter', 'gptq', 'fp4', 'wire', 'line2'])('--%s is seen as a mark, in both themes', (name) => {
    for (const theme of [0, 1] as const) expect(contrast(token(name)[theme], token('bg')[theme])).toBeGreaterThanOrEqual(3);
  });
});
