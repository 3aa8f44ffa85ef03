/** Compute pipelines, compiled asynchronously and once: by file, text and device (a cache belongs to one device). */

import type { AnyKernel, Variant } from '../../../kernels/define';
import type { Ledger } from '../counters';
import { EngineError, type CompileMessage } from '../engine';
import type { Faults } from './faults';

export interface Compiled {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
  /** Seconds from text to pipeline. */
  readonly seconds: number;
}

/** Edited texts remembered; the repository's own are never dropped. */
const EDITS = 8;

export class PipelineCache {
  private readonly own = new Map<string, Promise<Compiled>>();
  private readonly edited = new Map<string, Promise<Compiled>>();
  private readonly layouts = new Map<string, GPUBindGroupLayout>();

  constructor(private readonly device: GPUDevice, private readonly faults: Faults, private readonly ledger: Ledger) {}

  /** @param wgsl a text to use in place of the variant's own */
  get(kernel: AnyKernel, variant: Variant, wgsl?: string): Promise<Compiled> {
    const cache = wgsl === undefined ? this.own : this.edited;
    const key = `${variant.file}\n${wgsl ?? variant.wgsl}`;
    const known = cache.get(key);
    if (known) return known;
    const compiled = this.compile(kernel, variant.file, wgsl ?? variant.wgsl);
    compiled.catch(() => cache.delete(key)); // the waiter reports it
    cache.set(key, compiled);
    if (cache === this.edited && cache.size > EDITS) for (const oldest of cache.keys()) { cache.delete(oldest); break; }
    return compiled;
  }

  /** What the compiler says of a text, at its lines. */
  async messages(wgsl: string): Promise<readonly CompileMessage[]> {
    return this.faults.guard(messagesOf(this.module(wgsl, 'an edited kernel')));
  }

  private module(code: string, label: string): GPUShaderModule {
    this.device.pushErrorScope('validation'); // its errors are read as compile messages instead
    const module = this.device.createShaderModule({ code, label });
    this.device.popErrorScope().catch(() => undefined);
    return module;
  }

  /** Binding 0 the uniform block, then inputs, then outputs, in the order of the definition. */
  private layout(kernel: AnyKernel): GPUBindGroupLayout {
    const types: GPUBufferBindingType[] = [
      'uniform',
      ...Object.keys(kernel.inputSpecs).map(() => 'read-only-storage' as const),
      ...Object.keys(kernel.outputSpecs).map(() => 'storage' as const),
    ];
    const key = types.join();
    const known = this.layouts.get(key);
    if (known) return known;
    const layout = this.device.createBindGroupLayout({
      entries: types.map((type, binding) => ({ binding, visibility: GPUShaderStage.COMPUTE, buffer: { type } })),
    });
    this.layouts.set(key, layout);
    return layout;
  }

  private async compile(kernel: AnyKernel, file: string, code: string): Promise<Compiled> {
    const start = performance.now();
    const layout = this.layout(kernel);
    const module = this.module(code, file);
    const created = this.device.createComputePipelineAsync({
      label: file,
      layout: this.device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: { module, entryPoint: 'main' },
    });
    try {
      const pipeline = await this.faults.guard(created);
      this.ledger.pipelines++;
      return { pipeline, layout, seconds: (performance.now() - start) / 1000 };
    } catch (error) {
      if (error instanceof EngineError && error.code === 'device-lost') throw error;
      const messages = await this.faults.guard(messagesOf(module));
      const wrong = messages.filter(({ type }) => type === 'error').map(({ line, column, text }) => `${file}:${line}:${column}: ${text}`);
      const said = wrong.length ? wrong.join('\n') : `${file}: ${error instanceof Error ? error.message : String(error)}`;
      throw new EngineError('shader', said, 'Correct the kernel at that line.', { cause: error });
    }
  }
}

async function messagesOf(module: GPUShaderModule): Promise<readonly CompileMessage[]> {
  const { messages } = await module.getCompilationInfo();
  return messages.map(({ lineNum, linePos, type, message }) => ({ line: lineNum, column: linePos, type, text: message }));
}
