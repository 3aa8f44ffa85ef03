import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';

import * as format from '../../src/ui/format';
import { Marker } from '../../src/ui/markers/Marker';
import { parseSymbol, spoken } from '../../src/ui/symbol/parse';
import { Rich, Sym } from '../../src/ui/symbol/Symbol';
import type { MethodSlot } from '../../src/run/run';

describe('numbers', () => {
  it.each([
    [237.4, '237'], [17.54, '17.5'], [1.153, '1.15'], [0.542, '0.542'], [-0.00314, '−0.00314'], [0, '0'], [1e-16, '1·10⁻¹⁶'], [-2.3e7, '−2.3·10⁷'], [Infinity, '∞'], [Number.NaN, 'not a number'],
  ])('%d is %s', (x, text) => expect(format.number(x)).toBe(text));

  it('sets units with a space and a true minus', () => {
    expect(format.percent(0.03918)).toBe('3.92 %');
    expect(format.percent(-0.5, 0)).toBe('−50 %');
    expect(format.decibels(28.14)).toBe('28.1');
    expect(format.bits(6.25)).toBe('6.25');
    expect(format.times(3.94)).toBe('3.9×');
    expect(format.bytes(145_100_000)).toBe('145.1 MB');
  });

  it('never calls a time below the clock’s resolution zero', () => {
    expect(format.seconds(0, 1e-4)).toBe('< 0.10 ms');
    expect(format.seconds(2e-5, 1e-4)).toBe('< 0.10 ms');
    expect([format.seconds(0.102), format.seconds(0.0049), format.seconds(12e-6), format.seconds(2.5)]).toEqual(['102 ms', '4.9 ms', '12 µs', '2.5 s']);
  });
});

describe('symbols', () => {
  it('reads hats, subscripts and function names', () => {
    expect(parseSymbol('Q(^X)')).toEqual([
      { kind: 'variable', text: 'Q' }, { kind: 'upright', text: '(' }, { kind: 'hat', text: 'X' }, { kind: 'upright', text: ')' },
    ]);
    expect(parseSymbol('L_1L_2').map((p) => p.text)).toEqual(['L', '1', 'L', '2']);
    expect(parseSymbol('s·round(v/s)').find((p) => p.text.includes('round'))?.kind).toBe('upright');
  });

  it('says a hat in words and draws it over the letter, never as a precomposed character', () => {
    expect(spoken('^Y = ^XL_1')).toBe('Y hat = X hatL 1');
    const html = renderToStaticMarkup(createElement(Sym, { text: '^W' }));
    expect(html).toContain('aria-label="W hat"');
    expect(html).toContain('<span class="sym-hat">W</span>');
    expect(html).not.toMatch(/[Ŵŷ]/u);
  });

  it('sets symbols inside a sentence', () => {
    expect(renderToStaticMarkup(createElement(Rich, { text: 'rest of *XW* rounds' }))).toBe('rest of <span class="sym">XW</span> rounds');
  });
});

describe('markers', () => {
  const slots: readonly MethodSlot[] = ['rtn', 'smooth', 'svd', 'lorc', 'hero', 'iter', 'gptq', 'fp4', 'int8', 'awq'];
  it('give every method a shape of its own, whatever its colour', () => {
    const shapes = slots.map((slot) => renderToStaticMarkup(createElement(Marker, { slot })).replaceAll(`var(--${slot})`, 'paint'));
    expect(new Set(shapes).size).toBe(slots.length);
  });
});
