/** The strip's data flow as lines between tiles. */

import { middle, SIXTEEN_BIT, weightOf, wire, type Box, type Boxes, type Wire, type Wiring } from '../../ui/strip/geometry';

/** Dotted lines: what only steers. */
const STEERS = weightOf(4);

/**
 * @param bits of a code
 * @returns undefined until every tile stands
 */
export const wiringOf = (bits: number) => (boxes: Boxes, unit: number, column: number): Wiring | undefined => {
  const { w, f, d, s, codes, book, stored, lut, csr, dq, wh, e } = boxes;
  if (!w || !f || !d || !s || !codes || !book || !stored || !lut || !csr || !dq || !wh || !e) return undefined;
  const gap = 3 * unit;
  const row = (box: Box): number => middle(box)[1];
  const edge = (box: Box): number => Math.max(box.right, box.left + column);
  const alley = (a: Box, b: Box): number => (edge(a) + b.left) / 2;
  const at = (box: Box, share: number): number => box.top + share * (box.bottom - box.top);
  const straight = (a: Box, b: Box, weight: number, y = row(a), dotted = false): Wire =>
    wire([[a.right + gap, y], [b.left - gap, y]], weight, unit, 'right', dotted);

  const code = weightOf(bits);
  const leave = alley(w, d); // W parts into D and S
  const fit = alley(d, book); // D goes on to its book
  const lane = s.top - 9 * unit; // between the captions of row A and the pictures of row B
  const restore = alley(stored, dq);
  const [turnF, turnFit] = [leave - 7 * unit, fit - 7 * unit];
  const [intoS, intoBook] = [at(s, 0.22), at(book, 0.3)];
  const sparse = row(csr);
  const turned = d.left - edge(w) < 26 * unit; // words that would reach into the tiles run along the gap

  return {
    wires: [
      straight(w, d, SIXTEEN_BIT),
      wire([[leave, row(w)], [leave, intoS], [s.left - gap, intoS]], SIXTEEN_BIT, unit, 'right'),
      straight(f, s, STEERS, at(f, 0.62), true),
      wire([[f.right + gap, at(f, 0.4)], [turnF, at(f, 0.4)], [turnF, lane], [turnFit, lane], [turnFit, at(book, 0.75)], [book.left - gap, at(book, 0.75)]], STEERS, unit, 'right', true),
      straight(d, codes, SIXTEEN_BIT),
      wire([[fit, row(d)], [fit, intoBook], [book.left - gap, intoBook]], SIXTEEN_BIT, unit, 'right'),
      straight(codes, stored, code),
      wire([[stored.right + gap, row(codes)], [dq.left - gap, row(codes)]], code, unit, 'right'),
      wire([[book.right + gap, row(lut)], [restore, row(lut)], [restore, at(dq, 0.78)], [dq.left - gap, at(dq, 0.78)]], SIXTEEN_BIT, unit, 'right'),
      wire([[s.right + gap, sparse], [wh.left - gap, sparse]], SIXTEEN_BIT, unit, 'right'),
      wire([[middle(dq)[0], dq.bottom + 22 * unit], [middle(dq)[0], wh.top - gap]], SIXTEEN_BIT, unit, 'down'),
      straight(wh, e, SIXTEEN_BIT),
    ],
    operators: [
      { id: 'rest', x: leave + 1 * unit, y: row(w) - (turned ? 18 : 12) * unit, text: '< *T*', words: true, turned },
      { id: 'outliers', x: leave + 1 * unit, y: row(w) + (turned ? 26 : 20) * unit, text: '≥ *T*', words: true, turned },
      { id: 'sensitive', x: alley(f, s), y: at(f, 0.62) + (turned ? 18 : 10) * unit, text: 'top', words: true, turned },
      { id: 'less', x: alley(wh, e), y: row(wh) - 12 * unit, text: '−' },
      { id: 'plus', x: middle(dq)[0] + 12 * unit, y: (dq.bottom + 22 * unit + wh.top) / 2 - 4 * unit, text: '+' },
    ],
  };
};
