/** The engines in Node: WebGPU through Dawn, on a GPU where there is one, else on the software adapter of an installed Chromium. */

import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { EngineError, type Engine } from './engine';
import { ReferenceEngine } from './reference';
import { WebGpuEngine } from './webgpu/engine';

interface Dawn {
  readonly globals: object;
  create(options: string[]): GPU;
}

/** dlopen flags: RTLD_NOW | RTLD_GLOBAL | RTLD_NODELETE. */
const KEEP_LOADED = 0x2 | 0x100 | 0x1000;

/** Folders in which a Chromium keeps its own Vulkan: beside the program, and where Debian puts it. */
function chromiumFolders(): string[] {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const programs = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  if (process.env.CHROMIUM) programs.unshift(process.env.CHROMIUM);
  const beside = programs.filter((path) => existsSync(path)).map((path) => dirname(realpathSync(path)));
  return [...beside, '/usr/lib/chromium', '/opt/google/chrome', '/snap/chromium/current/usr/lib/chromium-browser'];
}

/**
 * Loads a library for others to find by its name. It is no Node module, and Node says so after loading it.
 * @returns false where there is no such library
 */
function loadLibrary(path: string): boolean {
  try {
    process.dlopen({ exports: {} }, path, KEEP_LOADED);
    return true;
  } catch (error) {
    return error instanceof Error && error.message.includes('did not self-register');
  }
}

/** Points Vulkan at Chromium's software driver. False where there is none, or the user chose a driver. */
function takeSoftwareDriver(): boolean {
  if (process.env.VK_ICD_FILENAMES) return false;
  const folder = chromiumFolders().find((path) => existsSync(join(path, 'vk_swiftshader_icd.json')));
  if (!folder) return false;
  process.env.VK_ICD_FILENAMES = join(folder, 'vk_swiftshader_icd.json');
  return loadLibrary('libvulkan.so.1') || loadLibrary(join(folder, 'libvulkan.so.1'));
}

/** Dawn ends the process if an instance is collected while a device of it lives. */
const instances: GPU[] = [];

/** @throws EngineError no-webgpu where Dawn cannot be loaded, no-adapter where it finds no adapter */
export async function openNodeEngine(choice: 'auto' | 'webgpu' | 'reference'): Promise<Engine> {
  if (choice === 'reference') return new ReferenceEngine();
  let dawn: Dawn;
  try {
    // Not `import()`: the module runner under which a terminal runs this is closed by now.
    dawn = createRequire(import.meta.url)('webgpu') as Dawn;
  } catch (error) {
    throw new EngineError('no-webgpu', 'WebGPU for Node (the package webgpu) does not load on this machine.', 'Use --engine reference.', { cause: error });
  }
  Object.assign(globalThis, dawn.globals);
  const open = (): Promise<WebGpuEngine> => {
    const gpu = dawn.create([]);
    instances.push(gpu);
    return WebGpuEngine.open(gpu);
  };
  const linux = process.platform === 'linux';
  // Without a Vulkan of the system there is no GPU to look for.
  const software = linux && !loadLibrary('libvulkan.so.1') && takeSoftwareDriver();
  try {
    return await open().catch((error: unknown) => {
      const again = error instanceof EngineError && error.code === 'no-adapter' && linux && !software && takeSoftwareDriver();
      if (!again) throw error;
      return open();
    });
  } catch (error) {
    if (choice === 'auto') return new ReferenceEngine();
    throw new EngineError('no-adapter', 'Dawn found no GPU adapter, and no Chromium with a software adapter is installed.', 'Install a Vulkan driver or Chromium, or use --engine reference.', { cause: error });
  }
}
