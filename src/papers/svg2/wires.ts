/** The strip's data flow as lines between tiles. */

import { middle, SIXTEEN_BIT, weightOf, wire, type Box, type Boxes, type Wire, type Wiring } from '../../ui/strip/geometry';

/** Dotted lines: what only steers. */
const STEERS = weightOf(4);

/** @returns undefined until every tile stands */
export const wiringOf = (boxes: Boxes, unit: number, column: number): Wiring | undefined => {
  const [q, k] = [boxes['pixels'] ?? boxes['q_class'], boxes['k_class'] ?? boxes['k']];
  const { label_q: byQuery, label_k: byKey, probability, row: chart, map, map_sorted: sorted, kept, kept_sorted: blocks, e_token: e } = boxes;
  if (!q || !k || !byQuery || !byKey || !probability || !chart || !map || !sorted || !kept || !blocks || !e) return undefined;
  const gap = 3 * unit;
  const row = (box: Box): number => middle(box)[1];
  const edge = (box: Box): number => Math.max(box.right, box.left + column);
  const alley = (a: Box, b: Box): number => (edge(a) + b.left) / 2;
  const at = (box: Box, share: number): number => box.top + share * (box.bottom - box.top);
  const straight = (a: Box, b: Box, weight = SIXTEEN_BIT, y = row(a), dotted = false): Wire =>
    wire([[a.right + gap, y], [b.left - gap, y]], weight, unit, 'right', dotted);
  const [below, above] = [22 * unit, 9 * unit]; // captions under row A; the lane over row B
  const lane = sorted.top - above;
  const means = alley(byKey, probability);
  const [choose, into] = [alley(chart, map), alley(map, kept)];
  const order = byKey.bottom + 30 * unit; // the lane between the captions of row B and row C
  const [leave, sort] = [means + 6 * unit, choose + 5 * unit];
  return {
    wires: [
      straight(q, byQuery),
      straight(k, byKey),
      straight(byQuery, probability, SIXTEEN_BIT, at(byQuery, 0.3)),
      wire([[byKey.right + gap, at(byKey, 0.3)], [means - 6 * unit, at(byKey, 0.3)], [means - 6 * unit, at(probability, 0.7)], [probability.left - gap, at(probability, 0.7)]], SIXTEEN_BIT, unit, 'right'),
      wire([[middle(probability)[0], probability.bottom + below], [middle(probability)[0], chart.top - gap]], SIXTEEN_BIT, unit, 'down'),
      // What is kept decides which blocks are attended.
      wire([[chart.right + gap, at(chart, 0.3)], [choose - 5 * unit, at(chart, 0.3)], [choose - 5 * unit, lane], [into, lane], [into, at(blocks, 0.25)], [blocks.left - gap, at(blocks, 0.25)]], STEERS, unit, 'right', true),
      // The labels sort the tokens.
      wire([[byKey.right + gap, at(byKey, 0.75)], [leave, at(byKey, 0.75)], [leave, order], [sort, order], [sort, at(sorted, 0.75)], [sorted.left - gap, at(sorted, 0.75)]], STEERS, unit, 'right', true),
      wire([[middle(map)[0], map.bottom + below], [middle(map)[0], sorted.top - gap]], SIXTEEN_BIT, unit, 'down'),
      straight(sorted, blocks),
      straight(blocks, e),
    ],
    operators: [
      { id: 'top', x: middle(probability)[0] + 22 * unit, y: (probability.bottom + below + chart.top) / 2 - 3 * unit, text: 'top *p*', words: true },
      { id: 'permute', x: middle(map)[0] + 10 * unit, y: (map.bottom + below + sorted.top) / 2 - 3 * unit, text: 'π' },
      { id: 'sort', x: (leave + sort) / 2, y: order, text: 'sort by label', words: true },
      { id: 'kept', x: (middle(map)[0] + into) / 2 + 4 * unit, y: lane, text: 'kept', words: true },
    ],
  };
};
