/** The strip's data flow as lines between tiles. */

import { middle, SIXTEEN_BIT, weightOf, wire, type Box, type Boxes, type Operator, type Wire, type Wiring } from '../../ui/strip/geometry';

/** Dotted lines: what only steers. */
const STEERS = weightOf(4);

export interface Flow {
  /** Of the chosen head: 0 spatial, 1 temporal. */
  readonly verdict: number;
  readonly rows: number;
  /** Whether its tokens are moved, and so must be put back. */
  readonly moved: boolean;
}

/** @returns undefined until every tile stands */
export const wiringOf = ({ verdict, rows, moved }: Flow) => (boxes: Boxes, unit: number, column: number): Wiring | undefined => {
  const { q, k, map, kept_spatial: spatial, kept_temporal: temporal, shuffle, map_run: run, tiles, o, e } = boxes;
  if (!q || !k || !map || !spatial || !temporal || !shuffle || !run || !tiles || !o || !e) return undefined;
  const gap = 3 * unit;
  const row = (box: Box): number => middle(box)[1];
  const edge = (box: Box): number => Math.max(box.right, box.left + column);
  const alley = (a: Box, b: Box): number => (edge(a) + b.left) / 2;
  const at = (box: Box, share: number): number => box.top + share * (box.bottom - box.top);
  const caption = 22 * unit;
  const straight = (a: Box, b: Box, weight: number, dotted = false, y = row(a)): Wire =>
    wire([[a.right + gap, y], [b.left - gap, y]], weight, unit, 'right', dotted);

  const given = alley(q, map); // K joins Q on its way to the map; both go on below
  const sampled = alley(map, spatial);
  const judged = alley(temporal, shuffle);
  const lane = temporal.top - 9 * unit; // between the captions of row A and the pictures of row B
  const [intoMap, intoShuffle, verdictIn] = [at(map, 0.78), at(shuffle, 0.72), at(shuffle, 0.3)];
  const winner = verdict === 1 ? temporal : spatial;
  const down = judged - 6 * unit;
  const steer: readonly (readonly [number, number])[] = verdict === 1
    ? [[winner.right + gap, verdictIn], [shuffle.left - gap, verdictIn]]
    : [[winner.right + gap, row(winner)], [judged + 4 * unit, row(winner)], [judged + 4 * unit, verdictIn], [shuffle.left - gap, verdictIn]];
  const turned = map.left - edge(q) < 40 * unit; // words that would reach into the tiles run along the gap
  const words = (id: string, x: number, y: number, text: string): Operator => ({ id, x, y, text, words: true, turned });

  return {
    wires: [
      straight(q, map, SIXTEEN_BIT),
      wire([[k.right + gap, at(k, 0.3)], [given, at(k, 0.3)], [given, intoMap], [map.left - gap, intoMap]], SIXTEEN_BIT, unit, 'right'),
      wire([[given, lane], [down, lane], [down, intoShuffle], [shuffle.left - gap, intoShuffle]], SIXTEEN_BIT, unit, 'right'),
      straight(map, spatial, STEERS, true),
      wire([[sampled, row(map)], [sampled, row(temporal)], [temporal.left - gap, row(temporal)]], STEERS, unit, 'right', true),
      wire(steer, STEERS, unit, 'right', true),
      wire([[middle(run)[0], shuffle.top - gap], [middle(run)[0], run.bottom + caption]], SIXTEEN_BIT, unit, 'up'),
      straight(run, tiles, SIXTEEN_BIT),
      straight(tiles, o, SIXTEEN_BIT),
      wire([[middle(o)[0], o.bottom + caption], [middle(o)[0], e.top - gap]], SIXTEEN_BIT, unit, 'down'),
    ],
    operators: [
      words('rows', sampled, row(map) - (turned ? 30 : 12) * unit, `${rows} ${rows === 1 ? 'row' : 'rows'}`),
      ...(moved ? [words('back', alley(tiles, o), row(tiles) - (turned ? 32 : 12) * unit, 'put back')] : []),
      { id: 'less', x: middle(o)[0] + 16 * unit, y: (o.bottom + caption + e.top) / 2 - 4 * unit, text: '− O' },
    ],
  };
};
