/** "Verify on this device": a kernel, as it is or edited, on its own case table against its own oracle. */

import type { AnyCase, AnyKernel, Data } from '../../kernels/define';
import { caseInputs } from '../engine/cases';
import { compareOutputs } from '../engine/compare';
import { EngineError, type Engine, type Timing } from '../engine/engine';
import type { CaseVerdict, VerifyRequest, VerifyResult } from './compute';

/** Cases up to this many numbers show the first of them. */
const SMALL = 256;
const SHOWN = 8;

export function findKernel(kernels: readonly AnyKernel[], name: string): AnyKernel {
  const kernel = kernels.find((known) => known.name === name);
  if (!kernel) throw new EngineError('internal', `There is no kernel named ${name}.`, `The kernels are ${kernels.map((known) => known.name).join(', ')}.`);
  return kernel;
}

const head = (data: Data | undefined): number[] => [...(data?.subarray(0, SHOWN) ?? [])];

async function verdicts(engine: Engine, kernel: AnyKernel, variant: string, entry: AnyCase, wgsl?: string): Promise<CaseVerdict[]> {
  const { dims, name, scalars = {} } = entry;
  const inputs = caseInputs(kernel, entry);
  const oracle = kernel.reference(inputs, dims, scalars);
  const about = { kernel: kernel.name, variant, name };
  let out: Record<string, Data>;
  try {
    out = await engine.runOnce(kernel, inputs, dims, { scalars, variant, wgsl });
  } catch (error) {
    if (!(error instanceof EngineError) || error.code === 'device-lost') throw error;
    return [{ ...about, ok: false, detail: error.message, output: Object.keys(kernel.outputSpecs)[0] }];
  }
  const first = Object.values(inputs)[0];
  return Object.entries(compareOutputs(kernel, out, oracle, variant)).map(([output, verdict]) => ({
    ...about,
    ...verdict,
    output,
    ...(oracle[output].length <= SMALL && { preview: { input: head(first), oracle: head(oracle[output]), kernel: head(out[output]) } }),
  }));
}

/** @param pause awaited between cases, so that the page stays in charge */
export async function verifyKernel(
  engine: Engine,
  kernels: readonly AnyKernel[],
  request: VerifyRequest,
  onCase: (verdict: CaseVerdict) => unknown,
  pause: () => Promise<void>,
): Promise<VerifyResult> {
  const kernel = findKernel(kernels, request.kernel);
  if (!engine.compileMessages) {
    throw new EngineError('no-webgpu', 'Kernels are verified on WebGPU, and this lab runs on the reference engine.', 'Open the page in a browser with WebGPU.');
  }
  const variant = kernel.variants.find(({ id }) => id === request.variant) ?? kernel.variants[0];
  const messages = await engine.compileMessages(request.wgsl ?? variant.wgsl);
  const cases: CaseVerdict[] = [];
  if (messages.some(({ type }) => type === 'error')) return { messages, cases };
  const delivered: unknown[] = [];
  for (const entry of kernel.cases) {
    if (!engine.variantsFor(kernel, entry.dims).includes(variant.id)) continue;
    for (const verdict of await verdicts(engine, kernel, variant.id, entry, request.wgsl)) {
      cases.push(verdict);
      delivered.push(onCase(verdict));
    }
    await pause();
  }
  await Promise.all(delivered);
  if (!cases.length) throw new EngineError('missing-feature', `${kernel.name} (${variant.id}) cannot run on this device.`, 'Choose another variant.');
  return { messages, cases };
}

export async function timeCase(engine: Engine, kernels: readonly AnyKernel[], name: string, caseName: string, variant?: string): Promise<Timing> {
  const kernel = findKernel(kernels, name);
  const entry = kernel.cases.find((known) => known.name === caseName);
  if (!entry) throw new EngineError('internal', `${name} has no case ${caseName}.`, `Its cases are ${kernel.cases.map((known) => known.name).join(', ')}.`);
  return engine.measure(kernel, caseInputs(kernel, entry), entry.dims, { scalars: entry.scalars, variant });
}
