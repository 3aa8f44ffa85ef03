/** Writes a model quantized: a .safetensors file whose layout docs/quantized-format.md describes, tensor by tensor, never held whole. */

import type { Engine } from '../engine/engine';
import { InputError, NumbersError } from '../inputs/error';
import type { Model, ModelTensor } from '../inputs/model';
import { safetensorsPreamble, type TensorToDescribe } from '../inputs/safetensors';
import type { Coder } from './coder';
import type { Choice, ReportControl, ReportOptions } from './contract';
import { squaredDifference } from './measure';
import { copiedDtype } from './dtypes';
import { checkOptions } from './options';
import { codeBytes, DTYPE_BYTES, floatBytes, LAYOUT_KEY, LAYOUT_VERSION, partsOf, wordBytes, type PartName } from './parts';
import { prepareCoders } from './prepare';
import { BLOCK } from './rows';
import { decode, type Encoded } from './scheme';
import { SECTIONS, type QuantizedSink } from './sink';

export interface ExportEvent {
  readonly kind: 'progress';
  readonly tensor: string;
  readonly weightsDone: number;
  readonly weightsTotal: number;
}

/** One tensor in the file's description. */
export interface TensorLayout {
  readonly method: string;
  readonly bits: number;
  readonly shape: readonly number[];
  readonly matrix: readonly [number, number];
  /** As the original stored it. */
  readonly dtype: string;
  /** Weights per scale. */
  readonly group?: number;
  readonly rank?: number;
  /** ‖Ŵ − W‖ / ‖W‖ of what is stored. */
  readonly relativeError: number;
}

export interface FileLayout {
  readonly version: number;
  readonly source: string;
  readonly tensors: Readonly<Record<string, TensorLayout>>;
  /** Tensors that are stored as they were, or as F32 where their own dtype is not one of the format. */
  readonly kept: readonly string[];
  /** Tensors that are not in the file, and why. */
  readonly omitted: Readonly<Record<string, string>>;
}

/**
 * Quantizes as `choices` say; every other tensor is copied. Always all rows, whatever `options.maxRows`.
 * @param choices by tensor, as `suggestMix` gives them
 * @throws InputError where two names of the new file would be one, or the source was lost; RangeError for options out of range
 */
export async function* exportModel(
  model: Model, engine: Engine, choices: Readonly<Record<string, Choice>>, options: ReportOptions, sink: QuantizedSink, control: ReportControl,
): AsyncGenerator<ExportEvent> {
  checkOptions(options);
  const file = new FileWriter(model, sink);
  const weightsOf = ({ matrix }: ModelTensor): number => (matrix ? matrix[0] * matrix[1] : 0);
  const weightsTotal = model.tensors.reduce((sum, t) => sum + weightsOf(t), 0);
  let before = 0;
  for (const tensor of model.tensors) {
    const choice = choices[tensor.name];
    const event = (share: number): ExportEvent => ({ kind: 'progress', tensor: tensor.name, weightsDone: before + share * weightsOf(tensor), weightsTotal });
    yield event(0);
    if (choice && choice.id !== 'keep' && tensor.matrix) {
      for await (const share of writeQuantized(file, model, engine, tensor, choice, { ...options, maxRows: 0 }, control)) yield event(share);
    } else await file.keep(tensor, control);
    before += weightsOf(tensor);
  }
  await file.finish();
}

async function* writeQuantized(file: FileWriter, model: Model, engine: Engine, tensor: ModelTensor, { id, bits }: Choice, options: ReportOptions, control: ReportControl): AsyncGenerator<number> {
  const { name, matrix } = tensor;
  if (!matrix || id === 'keep') throw new Error('Only matrices are quantized.');
  const work = prepareCoders({ model, tensor: name, matrix, engine, options, control }, [{ id, bits, chosen: true }]);
  try {
    let step = await work.next();
    while (!step.done) {
      yield step.value;
      step = await work.next();
    }
    const { facts, coders: [coder], blocks } = step.value;
    if (!coder) {
      await file.keep(tensor, control);
      return;
    }
    const stored = file.begin(tensor, coder);
    let squares = 0;
    for await (const { w, f, share } of blocks()) {
      const block = await coder.encode(w, f, control.pause);
      squares += squaredDifference(decode(coder.scheme, block), w);
      await stored.add(block);
      yield share;
    }
    await stored.end(facts.squares === 0 ? 0 : Math.sqrt(squares / facts.squares));
  } catch (error) {
    // A tensor with numbers that are none is copied as it is; it was found before anything was written of it.
    if (!(error instanceof NumbersError)) throw error;
    await file.keep(tensor, control);
  }
}

/** The section of numbers of so many bytes. */
const sectionOf = (bytes: number): number => (bytes >= 8 ? 0 : bytes === 4 ? 1 : bytes === 2 ? 2 : 3);

class FileWriter {
  private readonly sections: TensorToDescribe[][] = Array.from({ length: SECTIONS }, () => []);
  private readonly names = new Set<string>();
  private readonly layouts = new Map<string, TensorLayout>();
  private readonly kept: string[] = [];
  private readonly omitted = new Map<string, string>();

  constructor(private readonly model: Model, private readonly sink: QuantizedSink) {}

  private describe(section: number, tensor: TensorToDescribe): void {
    if (this.names.has(tensor.name)) {
      throw new InputError(`${this.model.name} has a tensor named "${tensor.name}", as a part of a quantized tensor would be.`, 'Leave that tensor as it is stored.');
    }
    this.names.add(tensor.name);
    this.sections[section].push(tensor);
  }

  /** Copies a tensor. */
  async keep(tensor: ModelTensor, { signal, pause }: ReportControl): Promise<void> {
    const { name, dtype, shape, bytes, matrix } = tensor;
    const copied = copiedDtype(dtype);
    if (copied && bytes > 0) {
      const section = sectionOf(copied.bytes);
      this.describe(section, { name, dtype: copied.dtype, shape });
      for (let at = 0; at < bytes; at += PIECE) {
        await pause();
        await this.sink.write(section, await this.model.readBytes(name, at, Math.min(bytes, at + PIECE), signal));
      }
    } else if (copied) this.describe(sectionOf(copied.bytes), { name, dtype: copied.dtype, shape });
    else if (matrix) {
      this.describe(sectionOf(4), { name, dtype: 'F32', shape });
      const rows = Math.max(1, Math.floor(BLOCK / matrix[1]));
      for (let first = 0; first < matrix[0]; first += rows) {
        await pause();
        await this.sink.write(sectionOf(4), floatBytes(await this.model.readRows(name, first, Math.min(matrix[0], first + rows), signal), 'F32'));
      }
    } else {
      this.omitted.set(name, `${name} ${tensor.unfit ?? 'cannot be copied'}.`);
      return;
    }
    this.kept.push(name);
  }

  /** Codes are written block by block; the other parts, which are small, at the end of the tensor. */
  begin(tensor: ModelTensor, { scheme }: Coder): { add(block: Encoded): Promise<void>; end(relativeError: number): Promise<void> } {
    const { name, shape, dtype } = tensor;
    const { rows, cols, id, bits, floats, scaled, rank, down } = scheme;
    const rest = new Map<PartName, Uint8Array[]>();
    const add = (part: PartName, bytes: Uint8Array): void => {
      const list = rest.get(part);
      if (list) list.push(bytes);
      else rest.set(part, [bytes]);
    };
    let nonzeros = 0;
    return {
      add: async (block) => {
        await this.sink.write(sectionOf(4), codeBytes(scheme, block));
        if (scaled && block.scales) add('scales', floatBytes(block.scales, scaled.type));
        if (block.book) add('codebook', floatBytes(block.book, floats));
        if (block.up) add('lowrank.up', floatBytes(block.up, floats));
        if (!block.sparse) return;
        const { rowptr, cols: columns, values } = block.sparse;
        // Row pointers go on where the block before ended; its last pointer is this block's first.
        add('sparse.rowptr', wordBytes(rowptr.subarray(0, block.rows).map((at) => at + nonzeros)));
        add('sparse.cols', wordBytes(columns));
        add('sparse.values', floatBytes(values, floats));
        nonzeros += columns.length;
      },
      end: async (relativeError) => {
        if (rank > 0) add('lowrank.down', floatBytes(down, floats));
        if (scheme.sparse) add('sparse.rowptr', wordBytes(Uint32Array.of(nonzeros)));
        if (id === 'nvfp4') add('tensor_scale', floatBytes(Float32Array.of(scaled?.tensorScale ?? 1), 'F32'));
        for (const part of partsOf(scheme, nonzeros)) {
          const section = sectionOf(DTYPE_BYTES[part.dtype]);
          this.describe(section, { name: `${name}.${part.part}`, dtype: part.dtype, shape: part.shape });
          for (const bytes of rest.get(part.part) ?? []) if (bytes.length > 0) await this.sink.write(section, bytes);
        }
        this.layouts.set(name, { method: id, bits, shape, matrix: [rows, cols], dtype, ...(scaled ? { group: scaled.group } : {}), ...(rank > 0 ? { rank } : {}), relativeError });
      },
    };
  }

  async finish(): Promise<void> {
    const layout: FileLayout = {
      version: LAYOUT_VERSION, source: this.model.name, tensors: Object.fromEntries(this.layouts), kept: this.kept, omitted: Object.fromEntries(this.omitted),
    };
    const own = this.model.format === 'safetensors' ? this.model.metadata : {};
    await this.sink.finish(safetensorsPreamble(this.sections.flat(), { ...own, [LAYOUT_KEY]: JSON.stringify(layout) }));
  }
}

/** Bytes copied at a time. */
const PIECE = 2 ** 22;
