/** The strip's data flow as lines between tiles. */

import { FOUR_BIT, middle, SIXTEEN_BIT, wire, type Box, type Boxes, type Wire, type Wiring } from '../../ui/strip/geometry';

/**
 * @param boxes of the tiles by stage id, of the vectors 'maxima' and 'lambda', and of the factors 'l1', 'l2' where there is a branch
 * @param unit 1 on a desktop, more when the strip is drawn larger
 * @param column width of a column, px: a tile may be narrower, and lines must not cross its caption
 */
export function wiring(boxes: Boxes, unit: number, column: number): Wiring | undefined {
  const { x, xs, qx, y, yh, e, w, ws, l, r, qr, maxima, lambda, l1, l2 } = boxes;
  if (!x || !xs || !qx || !y || !yh || !e || !w || !ws || !l || !r || !qr || !maxima || !lambda) return undefined;
  const gap = 3 * unit;
  const between = (a: Box, b: Box): number => (a.right + b.left) / 2;
  /** Middle of the gap between the columns of two boxes. */
  const alley = (a: Box, b: Box): number => (Math.max(a.right, a.left + column) + b.left) / 2;
  const row = (box: Box): number => middle(box)[1];
  const straight = (a: Box, b: Box, weight: number, at = row(a), dotted = false): Wire =>
    wire([[a.right + gap, at], [b.left - gap, at]], weight, unit, 'right', dotted);

  const turnX = (l.left + l.right) / 2 + 30 * unit; // X̂ leaves downward to the branch
  const edgeW = Math.max(ws.right, ws.left + column);
  const turnW = edgeW + Math.min(15 * unit, (r.left - edgeW) / 2 - unit); // Ŵ splits upward to the branch
  const join = alley(qx, yh) - 4 * unit; // both 4-bit operands meet
  const compare = alley(yh, e) - 5 * unit;
  const output = row(yh);
  const branch = l1 ?? l;
  const turned = r.left - edgeW < 32 * unit; // words that would reach into the tiles run along the gap

  return {
    wires: [
      straight(x, xs, SIXTEEN_BIT),
      straight(w, ws, SIXTEEN_BIT),
      straight(maxima, lambda, FOUR_BIT, row(maxima), true),
      straight(xs, qx, SIXTEEN_BIT),
      wire([[turnX, row(xs)], [turnX, (l2 ?? l).top - gap]], SIXTEEN_BIT, unit, 'down'),
      straight(ws, r, SIXTEEN_BIT),
      wire([[turnW, row(ws)], [turnW, row(l)], [l.left - gap, row(l)]], SIXTEEN_BIT, unit, 'right'),
      straight(r, qr, SIXTEEN_BIT),
      wire([[branch.right + gap, output], [yh.left - gap, output]], SIXTEEN_BIT, unit, 'right'),
      wire([[qx.right + gap, row(qx)], [join, row(qx)], [join, output - 9 * unit], [yh.left - gap, output - 9 * unit]], FOUR_BIT, unit, 'right'),
      wire([[qr.right + gap, row(qr)], [join, row(qr)], [join, output + 9 * unit], [yh.left - gap, output + 9 * unit]], FOUR_BIT, unit, 'right'),
      straight(yh, e, SIXTEEN_BIT),
      wire([[y.right + gap, row(y)], [compare, row(y)], [compare, output - 2 * unit]], FOUR_BIT, unit, undefined, true),
    ],
    operators: [
      { id: 'smooth-x', x: between(x, xs), y: row(x) - 13 * unit, text: '÷ λ' },
      { id: 'smooth-w', x: between(w, ws), y: row(w) - 13 * unit, text: '× λ' },
      { id: 'exponents', x: between(maxima, lambda), y: row(maxima) - 11 * unit, text: 'α, β' },
      { id: 'round-x', x: qx.left - 18 * unit, y: row(xs) - 13 * unit, text: 'Q' },
      { id: 'round-r', x: between(r, qr), y: row(r) - 13 * unit, text: 'Q' },
      { id: 'top', x: turnW, y: ws.top + (turned ? 20 : 15) * unit, text: 'top *r*', words: true, turned },
      { id: 'rest', x: alley(ws, r), y: row(ws) + (turned ? 20 : 15) * unit, text: 'rest', words: true, turned },
      { id: 'kept', x: (branch.right + yh.left) / 2 - 6 * unit, y: output - 13 * unit, text: 'kept in 16 bits', words: true },
      { id: 'minus', x: alley(yh, e) + 2 * unit, y: output - 13 * unit, text: '−' },
    ],
  };
}
