import { describe, expect, test } from 'vitest';
import { E2M1 } from '../../kernels/formats';
import { labs } from '../../src/cli/labs';
import { runPreset } from '../../src/cli/presets';
import { fileSource } from '../../src/inputs/source';
import { readMatrix } from '../../src/inputs/tensors';
import { decodeRun, encodeRun } from '../../src/run/store';
import { parseSafetensorsHeader, safetensorsHeaderLength } from '../../src/inputs/safetensors';
import type { Run } from '../../src/run/run';
import { runToJson } from '../../src/ui/export/json';
import { fileStem, originOf } from '../../src/ui/export/origin';
import { methodsTable, toCsv, toMarkdown } from '../../src/ui/export/table';
import { codeNotes, hasCodes, tensorsFile } from '../../src/ui/export/tensors';

const run: Run = {
  lab: 'svdquant', params: { rank: 8 }, engine: 'webgpu',
  device: { engine: 'webgpu', label: 'Adapter', vendor: '', architecture: '', software: true, features: [], limits: {} },
  stages: { qr: { id: 'qr', symbol: 'Q(R)', name: 'Rounded', rows: 2, cols: 3, data: new Float32Array(6).fill(0.5), axes: ['k', 'n'], family: 'w', format: 'int4', codes: new Int8Array([-7, 7, 0, 1, 2, 3]) } },
  vectors: { lambda: { id: 'lambda', symbol: 'λ', name: 'λ', data: new Float32Array([1, 2]), axis: 'k' } },
  spectra: {}, methods: [{ id: 'rtn', label: 'Round | only', slot: 'rtn', relativeError: 0.1542, sqnrDb: 16.24, bitsPerWeight: 4.25, note: '=SUM(A1)' }],
  scalars: { energyKept: 0.4 }, sweeps: {}, landscapes: {}, traffic: [], kernels: [],
  claims: [{ id: 'identity', holds: false, statement: 'Equal: *^X^W = XW*.', shown: '1 → 2', numbers: { difference: 1 } }],
  notices: [], provenance: { version: '0.1.0', seed: 3, inputs: { weights: 'a, "b".npy' }, link: 'https://example.org/#/svdquant?v=1' }, stageTimes: {},
};

describe('exports', () => {
  test('CSV quotes, keeps full precision, runs no formula, and says its origin', () => {
    const csv = toCsv(methodsTable(run), originOf(run));
    expect(csv).toContain('rtn,Round | only,0.1542,16.24,4.25,\'=SUM(A1)\r\n');
    for (const line of ['# link: https://example.org/#/svdquant?v=1', '# seed: 3', '# device: Adapter, WebGPU, software adapter', '# version: Paperkernels 0.1.0']) expect(csv).toContain(line);
    expect(toCsv({ columns: ['a'], rows: [['x, "y"'], [null], [Number.NaN]] })).toBe('a\r\n"x, ""y"""\r\n\r\n\r\n');
  });
  test('Markdown keeps the table whole, the failed claim failed and the hats on', () => {
    const markdown = toMarkdown(run, originOf(run));
    expect(markdown).toContain('| Round \\| only | 15.42 % | 16.2 | 4.25 |');
    expect(markdown).toContain('- **not held**: Equal: X\u0302W\u0302 = XW. (1 → 2)');
    expect(markdown).toContain('<https://example.org/#/svdquant?v=1>');
  });
  test('what a lab measures beyond the relative error stands in every table', () => {
    const more = { ...run, methods: run.methods.map((m) => ({ ...m, loss: 0.412, accuracy: 0.9 })) };
    expect(methodsTable(more).columns).toEqual(['id', 'method', 'relative_error', 'sqnr_db', 'bits_per_weight', 'loss_nats', 'accuracy', 'note']);
    expect(toMarkdown(more, originOf(run))).toContain('| Round \\| only | 15.42 % | 16.2 | 4.25 | 0.412 | 90.0 % |');
    expect(JSON.parse(runToJson(more))).toMatchObject({ metrics: { methods: [{ loss: 0.412, accuracy: 0.9 }] } });
  });
  test('JSON has the command line’s shape', () => {
    const json = JSON.parse(runToJson(run, 'https://example.org/now')) as Record<string, unknown>;
    expect(json).toMatchObject({
      lab: 'svdquant', params: { rank: 8 }, engine: 'webgpu', metrics: { methods: [{ id: 'rtn', relativeError: 0.1542, sqnrDb: 16.24, bitsPerWeight: 4.25 }], scalars: { energyKept: 0.4 } },
      claims: [{ id: 'identity', holds: false, numbers: { difference: 1 } }], provenance: { link: 'https://example.org/now', seed: 3 },
    });
  });
  test('the safetensors file is read back by our own reader, codes and all', async () => {
    expect(hasCodes(run)).toBe(true);
    const file = await tensorsFile(run, originOf(run));
    const length = safetensorsHeaderLength(file, file.length, 'tensors');
    const header = parseSafetensorsHeader(file.subarray(8, 8 + length), file.length, 'tensors');
    expect(JSON.stringify(header)).toContain('qr.codes');
    expect([...new Int8Array(file.slice(-6).buffer)]).toEqual([-7, 7, 0, 1, 2, 3]);
  });
  test.each(['int4', 'nvfp4', 'mxfp4'])('from the codes and scales of a %s file Q(R) is rebuilt exactly', async (format) => {
    const paper = labs.get('svdquant');
    if (!paper) throw new Error('the lab is not built');
    const computed = await runPreset(paper, { id: 'small', label: '', note: '', params: { format, tokens: 16, in: 40, out: 24, rank: 3, group: '16' } }, []);
    const source = fileSource(new File([(await tensorsFile(computed, originOf(computed))).slice().buffer], 'tensors.safetensors'));
    const [values, codes, scales] = await Promise.all(['qr', 'qr.codes', 'qr.scales'].map((name) => readMatrix(source, name)));
    const notes = codeNotes(computed);
    const [group, tensorScale] = [Number(notes['qr.group']), Number(notes['qr.tensor_scale'])];
    expect(scales.rows).toBe(Math.ceil(40 / group));
    const rebuilt = values.data.map((_, i) => {
      const level = format === 'int4' ? codes.data[i] : E2M1[codes.data[i]];
      return level * Math.fround(scales.data[Math.floor(Math.floor(i / 24) / group) * 24 + (i % 24)] * tensorScale);
    });
    expect(rebuilt).toEqual(values.data);
    const stored = decodeRun(encodeRun(computed)).stages.qr;
    expect(stored.scales).toEqual(computed.stages.qr.scales);
    expect(stored.codes).toEqual(computed.stages.qr.codes);
  });
  test('file names are safe', () => expect(fileStem(run, 'a/b c.json')).toBe('svdquant-a-b-c.json'));
});
