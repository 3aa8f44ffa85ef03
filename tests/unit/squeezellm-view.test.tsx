import { describe, expect, it } from 'vitest';

import { drawnOf, hardestOutput, levelsOf, outputOf, plansOf, scalesOf, TILES } from '../../src/papers/squeezellm/display';
import { figure, leadOf, sentence } from '../../src/papers/squeezellm/headline';
import { countByKind } from '../../src/papers/squeezellm/histogram';
import { lesson } from '../../src/papers/squeezellm/lesson';
import { METHODS, type MethodId } from '../../src/papers/squeezellm/names';
import { pendingOf } from '../../src/papers/squeezellm/panels';
import { schema } from '../../src/papers/squeezellm/params';
import { partsOf, storedBits } from '../../src/papers/squeezellm/stored';
import { wiringOf } from '../../src/papers/squeezellm/wires';
import type { MethodResult, Run, StageTensor } from '../../src/run/run';
import type { Box } from '../../src/ui/strip/geometry';

const tensor = (id: string, rows: number, cols: number, data: ArrayLike<number>, family = 'w', axes: readonly [string, string] = ['k', 'n']): StageTensor =>
  ({ id, symbol: id, name: id, rows, cols, data: Float32Array.from(data), axes, family, format: '' });

const method = (id: MethodId, bitsPerWeight = 3): MethodResult => ({ id, ...METHODS[id], relativeError: 0.1, sqnrDb: 20, bitsPerWeight });
const run = (scalars: Record<string, number>): Run => ({ methods: [method('rtn', 3.13), method('dense-and-sparse', 4.1)], scalars }) as unknown as Run;

describe('how the run is drawn', () => {
  it('fills the width of a column, and never draws cells taller than wide', () => {
    for (const [k, n] of [[144, 64], [48, 48], [48, 16], [32, 10], [128, 96], [1000, 500], [5, 300]] as const) {
      const plans = plansOf({ w: tensor('w', k, n, []), book: tensor('book', 8, n, []) });
      expect(plans.n.extent).toBeLessThanOrEqual(128);
      expect(plans.k.extent).toBeLessThanOrEqual(144);
      expect(plans.k.extent).toBeGreaterThanOrEqual(40);
      expect(plans.k.zoom <= plans.n.zoom || plans.k.extent <= 48).toBe(true);
      // Under the book, the wire of the sparse part passes.
      expect(plans.c.extent).toBeLessThan(0.5 * plans.k.extent);
    }
  });

  it('draws codes by their distance from the middle level, on a scale that holds them all', () => {
    const codes = tensor('codes', 1, 4, [0, 3, 4, 7], 'code');
    expect([...drawnOf(codes)]).toEqual([-3.5, -0.5, 0.5, 3.5]);
    expect(scalesOf({ codes }).code.max).toBe(3.5);
    const w = tensor('w', 1, 2, [1, -2]);
    expect(drawnOf(w)).toBe(w.data);
  });

  it('reads one output as a column of the picture, with what left it', () => {
    const stages = { w: tensor('w', 3, 2, [1, 2, 3, 4, 5, 6]), mask: tensor('mask', 3, 2, [0, 2, 0, 0, 0, 1], 'mask') };
    expect([...outputOf(stages, 1)!.weights]).toEqual([2, 4, 6]);
    expect([...outputOf(stages, 1)!.removed!]).toEqual([2, 0, 1]);
    expect(outputOf(stages, 99)!.n).toBe(1); // an old link may name an output that this matrix lacks
    expect(outputOf({}, 0)).toBeUndefined();
    expect([...levelsOf(tensor('book', 4, 2, [1, 9, 2, 9, 2, 9, 3, 9]), 0)]).toEqual([1, 2, 3]);
  });

  it('starts at the output that rounding costs most', () => {
    const vector = (data: number[]) => ({ id: '', symbol: '', name: '', axis: 'n', data: Float32Array.from(data) });
    expect(hardestOutput({ rowcost_rtn: vector([1, 5, 2]), nnz: vector([9, 0, 0]) })).toBe(1);
    expect(hardestOutput({})).toBe(0);
  });

  it('counts every weight once, by what became of it', () => {
    const counts = countByKind(Float32Array.of(-1, 1, 0, 0.2), Float32Array.of(2, 2, 0, 1), 1, 21);
    expect([counts.dense, counts.outliers, counts.sensitive].map((c) => c.reduce((a, b) => a + b, 0))).toEqual([1, 2, 1]);
    expect([counts.outliers[0], counts.outliers[20], counts.dense[10]]).toEqual([1, 1, 1]);
    expect(countByKind(new Float32Array(4), undefined, 0, 21).dense[10]).toBe(4);
  });

  it('adds the stored parts up', () => {
    expect(storedBits({ bits: 3, codebookBits: 0.89, sparseBits: 0.21, rowptrBits: 0.22 })).toBeCloseTo(4.32);
    expect(partsOf({}).map((p) => p.bits)).toEqual([0, 0, 0, 0]);
  });
});

describe('headline', () => {
  it('leads with the loss where there is one, else with the weighted error', () => {
    expect(leadOf(run({ lossIncreaseRtn: 0.1, lossIncrease: 0.02, weightedRelativeRtn: 0.3, weightedRelative: 0.1 }))).toEqual({ kind: 'loss', base: 0.1, hero: 0.02 });
    expect(leadOf(run({ weightedRelativeRtn: 0.3, weightedRelative: 0.1 }))).toEqual({ kind: 'weighted', base: 0.3, hero: 0.1 });
    expect(leadOf(run({}))).toBeUndefined();
  });

  it('prints two digits that count, with their sign', () => {
    expect([0.0984, 0.02, 1.84, 23.4, -0.0123, 0.0002, 0].map((v) => figure(v, 'loss'))).toEqual(['0.098', '0.020', '1.8', '23', '−0.012', '< 0.001', '0']);
    expect(figure(0.316, 'weighted')).toBe('32');
  });

  it('says what it bought and what it cost, and makes no ratio of noise', () => {
    const said = (base: number, hero: number): string => sentence(run({ bits: 3, bitsPerWeight4096: 3.24 }), { kind: 'loss', base, hero }).lead;
    expect(said(0.1, 0.02)).toBe('5.0× less added loss');
    expect(said(0.02, 0.1)).toBe('5.0× more added loss');
    expect(said(0.1, -0.001)).toBe('Almost no added loss');
    expect(said(0.0001, 0.1)).toBe('No gain in loss');
    expect(said(0.0001, 0)).toBe('Neither adds to the loss');
    expect(sentence(run({ bits: 3, bitsPerWeight4096: 3.24 }), { kind: 'loss', base: 0.1, hero: 0.02 }).rest).toBe('for 0.97 more bits per weight (0.24 in a layer of 4096 inputs).');
  });
});

describe('methods still to come', () => {
  it('waits for those after the newest, and not for one that was passed over', () => {
    const ids = (...have: MethodId[]): string[] => pendingOf(have.map((id) => method(id))).map((m) => m.id);
    expect(ids('rtn', 'dense-and-sparse')).toEqual(['rtn-group', 'nf4', 'gptq', 'awq', 'kmeans', 'dense-only']);
    expect(ids('rtn', 'dense-and-sparse', 'rtn-group', 'nf4')).toEqual(['gptq', 'awq', 'kmeans', 'dense-only']);
    expect(ids('rtn', 'dense-and-sparse', 'rtn-group', 'nf4', 'kmeans', 'dense-only')).toEqual([]); // no activations: no GPTQ, no AWQ
  });
});

describe('wiring', () => {
  const at = (column: number, top: number, height = 144): Box => ({ left: column * 164, right: column * 164 + 128, top, bottom: top + height });
  const boxes: Record<string, Box> = {
    w: at(0, 0), d: at(1, 0), codes: at(2, 0), stored: at(3, 0), dq: at(4, 0), e_rtn: at(5, 0),
    f: at(0, 190), s: at(1, 190), book: at(2, 190, 64), lut: at(3, 214, 16), csr: at(3, 314, 16), wh: at(4, 190), e: at(5, 190),
  };

  it('draws 16-bit flows thick, codes by their bits, and dots what only steers', () => {
    const { wires } = wiringOf(3)(boxes, 1, 128)!;
    expect(wires.filter((w) => w.width === 3.6)).toHaveLength(8);
    expect(wires.filter((w) => w.width === 1 && !w.dotted)).toHaveLength(2);
    expect(wires.filter((w) => w.dotted)).toHaveLength(2);
    expect(wiringOf(8)(boxes, 1, 128)!.wires.filter((w) => w.width === 2)).toHaveLength(2);
  });

  it('waits until every tile stands', () => {
    expect(wiringOf(3)({ w: boxes['w']! }, 1, 128)).toBeUndefined();
  });
});

describe('lesson', () => {
  it('walks the strip from left to right, each step on a stage that is drawn and a parameter that exists', () => {
    const drawn = new Set(TILES.map((t) => t.stage));
    lesson.forEach((step, i) => {
      expect(drawn).toContain(step.stage);
      expect(step.param === undefined || step.param in schema).toBe(true);
      expect(step.sentence.split('*').length % 2).toBe(1);
      expect(step.column).toBeGreaterThanOrEqual(lesson[i - 1]?.column ?? 1);
    });
    expect(new Set(lesson.map((s) => s.column)).size).toBe(6);
  });
});
