/** Opens the engine that was asked for, or the next best, and says why. */

import { EngineError, type Engine } from './engine';
import { ReferenceEngine } from './reference';
import { WebGpuEngine } from './webgpu/engine';

export interface Opened {
  readonly engine: Engine;
  /** Why it is the reference engine although WebGPU was wanted. */
  readonly instead?: EngineError;
}

/** @param gpu `navigator.gpu`; undefined where there is none */
export async function openEngine(choice: 'auto' | 'webgpu' | 'reference', gpu: GPU | undefined): Promise<Opened> {
  if (choice === 'reference') return { engine: new ReferenceEngine() };
  try {
    return { engine: await WebGpuEngine.open(gpu) };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { engine: new ReferenceEngine(), instead: error };
  }
}
