/** Opens the engine that was asked for, or the next best, and says why. */

import { EngineError, type Engine } from './engine';
import { webgpuWins, type Pace } from './pace';
import { ReferenceEngine } from './reference';
import { findAdapter, type DeviceOptions } from './webgpu/device';
import { WebGpuEngine } from './webgpu/engine';

/** 'auto': WebGPU on a GPU; on a software adapter plain TypeScript, unless WebGPU was measured to be clearly faster there. */
export type EngineChoice = 'auto' | 'webgpu' | 'reference';

/** A software adapter that was found, in use or not. */
export interface SoftwareAdapter {
  readonly label: string;
  readonly key: string;
  readonly pace?: Pace;
}

export interface Opened {
  readonly engine: Engine;
  /** Why it is the reference engine although WebGPU was wanted. */
  readonly instead?: EngineError;
  readonly software?: SoftwareAdapter;
}

export interface OpenOptions extends DeviceOptions {
  /** What was measured on an adapter in an earlier visit. */
  readonly paceOf?: (key: string) => Promise<Pace | undefined>;
}

/** @param gpu `navigator.gpu`; undefined where there is none */
export async function openEngine(choice: EngineChoice, gpu: GPU | undefined, options: OpenOptions = {}): Promise<Opened> {
  if (choice === 'reference') return { engine: new ReferenceEngine() };
  try {
    const found = await findAdapter(gpu);
    if (!found.software) return { engine: await WebGpuEngine.openOn(found, options) };
    const pace = await options.paceOf?.(found.key);
    const software = { label: found.label, key: found.key, pace };
    const webgpu = choice === 'webgpu' || (pace !== undefined && webgpuWins(pace));
    return { engine: webgpu ? await WebGpuEngine.openOn(found, options) : new ReferenceEngine(), software };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { engine: new ReferenceEngine(), instead: error };
  }
}
