import { describe, expect, it } from 'vitest';

import { operationRows, operations, timeRows } from '../../src/papers/svg2/costs';
import { cellsOf, FRAME_TILES, MAP_TILES, paintOf, pickedOf, scaleOf, scalesOf, standing, videoOf } from '../../src/papers/svg2/display';
import { planFlight, positionsAt, progress, tokenUnder } from '../../src/papers/svg2/flight-paths';
import { figure, leadOf, sentence, type Lead } from '../../src/papers/svg2/headline';
import { mapPixels, sharePixels } from '../../src/papers/svg2/kept-paint';
import { lesson } from '../../src/papers/svg2/lesson';
import { cellOf, mosaicOf, mosaicPixels, tokenIn } from '../../src/papers/svg2/mosaic';
import { METHODS, type MethodId } from '../../src/papers/svg2/names';
import { pendingOf } from '../../src/papers/svg2/panels';
import { schema } from '../../src/papers/svg2/params';
import { wiringOf } from '../../src/papers/svg2/wires';
import type { MethodResult, StageTensor } from '../../src/run/run';
import { makeScale } from '../../src/ui/color/scale';
import type { Box } from '../../src/ui/strip/geometry';

const tensor = (id: string, rows: number, cols: number, data: ArrayLike<number>, family = 'attention', axes: readonly [string, string] = ['f', 'p']): StageTensor =>
  ({ id, symbol: id, name: id, rows, cols, data: Float32Array.from(data), axes, family, format: '' });

/** Clusters of 3 frames of 2 × 2 tokens: 0, 1, 2 in turn. */
const LABELS = Array.from({ length: 12 }, (_, i) => i % 3);
const ORDER = [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11];
const SIZES = { frames: 3, rows: 2, cols: 2, order: ORDER, sizes: [4, 4, 4] };

describe('flight', () => {
  const inside = (plan: ReturnType<typeof planFlight>, at: Float32Array): boolean =>
    Array.from({ length: at.length / 2 }, (_, i) => at[2 * i]! >= 0 && at[2 * i]! + plan.cell <= plan.width + 0.01 && at[2 * i + 1]! >= 0 && at[2 * i + 1]! + plan.cell <= plan.height + 0.01).every(Boolean);
  const places = (at: Float32Array): number => new Set(Array.from({ length: at.length / 2 }, (_, i) => `${at[2 * i]},${at[2 * i + 1]}`)).size;

  it('gives every token a square of its own at both ends, within the picture, at every width', () => {
    for (const [frames, side, width, clusters] of [[16, 8, 560, 32], [16, 8, 340, 32], [16, 16, 560, 64], [32, 8, 900, 20], [1, 4, 300, 3], [5, 3, 200, 45], [3, 2, 100, 1]] as const) {
      const count = frames * side * side;
      const labels = Array.from({ length: count }, (_, i) => (i * 7919) % clusters);
      const order = labels.map((_, i) => i).sort((a, b) => labels[a]! - labels[b]! || a - b);
      const sizes = Array.from({ length: clusters }, (_, c) => labels.filter((l) => l === c).length);
      const plan = planFlight({ frames, rows: side, cols: side, order, sizes, width });
      expect([places(plan.from), places(plan.to)]).toEqual([count, count]);
      expect([inside(plan, plan.from), inside(plan, plan.to)]).toEqual([true, true]);
    }
  });

  it('ends with clusters side by side, from left to right in their order', () => {
    const { to } = planFlight({ ...SIZES, width: 400 });
    const span = (c: number): [number, number] => {
      const xs = LABELS.flatMap((l, i) => (l === c ? [to[2 * i]!] : []));
      return [Math.min(...xs), Math.max(...xs)];
    };
    expect(span(0)[1]).toBeLessThan(span(1)[0]);
    expect(span(1)[1]).toBeLessThan(span(2)[0]);
  });

  it('starts where the frames are, ends where the clusters are, and each token moves one way only', () => {
    const plan = planFlight({ ...SIZES, width: 400 });
    const at = new Float32Array(plan.from.length);
    positionsAt(plan, 0, at);
    expect(at).toEqual(plan.from);
    positionsAt(plan, 1, at);
    expect(Array.from(at, (v) => Math.round(1000 * v))).toEqual(Array.from(plan.to, (v) => Math.round(1000 * v)));
    for (const start of [0, 0.2, 0.45]) {
      const path = Array.from({ length: 51 }, (_, n) => progress(start, n / 50));
      expect(path.every((v, i) => v >= (path[i - 1] ?? 0))).toBe(true);
      expect([path[0], path[50]]).toEqual([0, 1]);
    }
  });

  it('finds the token under the pointer, the uppermost where two overlap', () => {
    const plan = planFlight({ ...SIZES, width: 400 });
    expect(tokenUnder(plan, plan.from, ORDER, plan.from[14]! + 1, plan.from[15]! + 1)).toBe(7);
    expect(tokenUnder(plan, plan.from, ORDER, -5, -5)).toBeUndefined();
    expect(tokenUnder(plan, new Float32Array(24), ORDER, 1, 1)).toBe(11);
  });
});

describe('frames in a square', () => {
  it('places every token once, and reads it back', () => {
    for (const [frames, side] of [[16, 8], [10, 3], [1, 5], [7, 2]] as const) {
      const mosaic = mosaicOf(frames, side);
      expect(mosaic.across * mosaic.lines).toBeGreaterThanOrEqual(frames);
      for (let token = 0; token < frames * side ** 2; token += 1) expect(tokenIn(mosaic, ...cellOf(mosaic, token))).toBe(token);
    }
    const { width, height } = mosaicOf(10, 3);
    expect(tokenIn(mosaicOf(10, 3), width - 1, height - 1)).toBeUndefined(); // a place that no frame takes
  });

  it('leaves places without a frame clear, and draws details inside their token', () => {
    const pixels = mosaicPixels(mosaicOf(3, 1), 2, (token, dy, dx) => 100 * token + 10 * dy + dx + 1);
    expect([...pixels]).toEqual([1, 2, 101, 102, 11, 12, 111, 112, 201, 202, 0, 0, 211, 212, 0, 0]);
  });
});

describe('how the run is drawn', () => {
  const stages = {
    label_q: tensor('label_q', 3, 4, LABELS, 'label'), label_k: tensor('label_k', 3, 4, LABELS.map((l) => 2 - l), 'label'),
    kept_map: tensor('kept_map', 3, 3, [1, 0, 0, 0, 1, 1, 0, 0, 1], 'kept', ['cq', 'ck']),
    k: tensor('k', 12, 2, new Float32Array(24).fill(-3), 'k', ['t', 'd']), map: tensor('map', 2, 2, [0, 1, 8, 0]), map_sorted: tensor('map_sorted', 2, 2, [2, 0, 0, 2]),
  };

  it('knows the picked token, and what its cluster keeps', () => {
    expect(videoOf(stages)).toEqual({ frames: 3, side: 2 });
    expect(pickedOf(stages, 7)).toEqual({ token: 7, frame: 1, y: 1, x: 1, queryCluster: 1, keyCluster: 1, kept: new Set([1, 2]) });
    expect(pickedOf(stages, 999)!.token).toBe(11); // an old link may name a token that this video lacks
    expect(pickedOf({}, 0)).toBeUndefined();
    expect(cellsOf(stages, { cell: 2, grid: 2 }, 7)).toEqual({ t: 7, f: 1, p: 3, cq: 1, ck: 1, i: 3, j: 3 });
    expect(cellsOf({}, {}, 7)).toEqual({});
  });

  it('puts both attention maps on one scale, and gives every stage one', () => {
    const scales = scalesOf(stages);
    expect(scales.attention).toMatchObject({ map: 'error', max: 8, knee: 1, transfer: 'asinh' });
    expect(scaleOf(scales, stages.label_q)).toMatchObject({ map: 'label', max: 2 });
    expect(scaleOf(scales, stages.k)).toMatchObject({ map: 'signed', max: 3 });
    expect(scaleOf(scales, tensor('pixels', 6, 6, [], 'rgb')).map).toBe('rgb');
    expect(scalesOf({}).attention.max).toBe(1);
  });

  it('lets K stand in for the key meanings that only the toy knows', () => {
    const place = MAP_TILES.find((t) => t.stages[0] === 'k')!;
    expect(standing(stages, place)?.id).toBe('k');
    expect(standing({ ...stages, k_class: stages.label_k }, place)).toBeUndefined();
  });

  it('paints clusters by their meaning where that is known', () => {
    const vectors = { paint_q: { id: 'paint_q', symbol: '', name: '', axis: 'cq', data: Float32Array.of(5, 5, 7) } };
    expect([paintOf(vectors, 'label_q')?.[1], paintOf(vectors, 'label_k'), paintOf(vectors, 'map')]).toEqual([5, undefined, undefined]);
  });

  it('shows what is kept apart from what is dropped, however small', () => {
    const scale = makeScale('error', 1, 0);
    const [dropped, kept, full, gone] = mapPixels(Float32Array.of(0, 0, 1, 1), Float32Array.of(0, 1, 1, 0), scale, 'light');
    expect(new Set([dropped, kept, full, gone]).size).toBe(4);
    const shares = sharePixels(Float32Array.of(-1, 0, 0.5, 1, 2), 'dark');
    expect([shares[0] === shares[1], shares[3] === shares[4], new Set(shares).size]).toEqual([true, true, 3]);
  });
});

describe('headline', () => {
  const lead = (density: number, recall: number, relativeError: number): Lead => ({ density, recall, relativeError });
  const method = (id: MethodId, numbers: Partial<MethodResult> = {}): MethodResult => ({ id, ...METHODS[id], relativeError: 0.1, sqnrDb: 20, ...numbers });

  it('prints shares with the digits that count', () => {
    expect([0.155, 0.0712, 0.9127, 0.00421, 0, 1, 0.9996, 0.000004].map(figure)).toEqual(['15.5', '7.1', '91.3', '0.42', '0', '100', '100', '< 0.001']);
  });

  it('says what is kept for what, and compares it at equal density', () => {
    expect(sentence(lead(0.155, 0.913, 0.1), lead(0.154, 0.227, 0.39))).toEqual({ lead: '15.5 % of the pairs hold 91.3 % of the attention.', rest: 'As many in blocks of places: 22.7 %, 3.9× the error.' });
    expect(sentence(lead(0.3, 0.5, 0.4), lead(0.3, 0.6, 0.2)).rest).toBe('As many in blocks of places: 60.0 %, 2.0× less error.');
    expect(sentence(lead(0.155, 0.913, 0.1), undefined).rest).toBe('');
    expect(sentence(lead(1, 1, 0), lead(1, 1, 0))).toEqual({ lead: 'Every pair is kept.', rest: '' });
  });

  it('waits for the numbers of a method', () => {
    expect(leadOf({ methods: [method('svg2')] }, 'svg2')).toBeUndefined();
    expect(leadOf({ methods: [method('svg2', { density: 0.2, recall: 0.9 })] }, 'svg2')).toEqual(lead(0.2, 0.9, 0.1));
    expect(leadOf(undefined, 'svg2')).toBeUndefined();
  });

  it('names the methods that are still to come', () => {
    const ids = (...have: MethodId[]): string[] => pendingOf(have.map((id) => method(id))).map((m) => m.id);
    expect(ids('dense', 'svg2')).toEqual(Object.keys(METHODS).filter((id) => id !== 'dense' && id !== 'svg2'));
    expect(ids(...Object.keys(METHODS) as MethodId[])).toEqual([]);
  });
});

describe('costs', () => {
  it('splits the first and later steps beside dense attention, and waits for what is not known', () => {
    const rows = operationRows({ flopsDense: 100, flopsAttention: 15, flopsMap: 1, flopsClusterFirst: 40, flopsClusterLater: 2 }, [50, 2]);
    expect(rows.map((r) => r.note)).toEqual([undefined, '50 iterations', '2 iterations']);
    expect(rows.map((r) => r.parts.reduce((sum, p) => sum + (p.value ?? 0), 0))).toEqual([100, 56, 18]);
    expect(timeRows({ secondsDense: 9, secondsMap: 1 }).map((r) => r.parts.map((p) => p.value))).toEqual([[9], [null, 1, null, null], [null, 1, null, null]]);
    expect([134e6, 2.5e9, 512].map(operations)).toEqual(['134 MFLOP', '2.50 GFLOP', '0.512 kFLOP']);
  });
});

describe('wiring', () => {
  const at = (column: number, top: number): Box => ({ left: column * 164, right: column * 164 + 128, top, bottom: top + 128 });
  const boxes: Record<string, Box> = {
    q_class: at(0, 0), k_class: at(0, 180), label_q: at(1, 0), label_k: at(1, 180), probability: at(2, 0), row: at(2, 180),
    map: at(3, 0), map_sorted: at(3, 180), kept: at(4, 0), kept_sorted: at(4, 180), e_token: at(5, 180),
  };

  it('draws tensors as lines, and dots what only steers', () => {
    const { wires } = wiringOf(boxes, 1, 128)!;
    expect(wires.filter((w) => w.dotted)).toHaveLength(2);
    expect(wires.filter((w) => !w.dotted)).toHaveLength(8);
    expect(wires.every((w) => !/NaN|undefined/.test(w.d))).toBe(true);
  });

  it('takes the video and K where no meanings are known, and waits until every tile stands', () => {
    const { q_class, k_class, ...rest } = boxes;
    expect(wiringOf({ ...rest, pixels: q_class!, k: k_class! }, 1, 128)!.wires).toHaveLength(10);
    expect(wiringOf(rest, 1, 128)).toBeUndefined();
  });
});

describe('lesson', () => {
  it('walks the strip from left to right, each step on a stage that is drawn and a parameter that exists', () => {
    const drawn = new Set([...FRAME_TILES, ...MAP_TILES].flatMap((t) => t.stages));
    lesson.forEach((step, i) => {
      expect(drawn).toContain(step.stage);
      expect(step.param === undefined || step.param in schema).toBe(true);
      expect(step.sentence.split('*').length % 2).toBe(1);
      expect(step.column).toBeGreaterThanOrEqual(lesson[i - 1]?.column ?? 1);
    });
    expect(new Set(lesson.map((s) => s.column)).size).toBe(6);
  });
});
