/** Every kernel of the repository, found by its folder: a new kernel is one new folder and no other change. */

import type { AnyKernel } from './define';

const modules = import.meta.glob<Record<string, unknown>>(['./*/*.ts', '!./*/*.reference.ts', '!./*/*.cases.ts'], { eager: true });

const isKernel = (value: unknown): value is AnyKernel =>
  typeof value === 'object' && value !== null && 'variants' in value && 'reference' in value && 'inputSpecs' in value;

export const kernels: readonly AnyKernel[] = Object.values(modules)
  .flatMap((module) => Object.values(module).filter(isKernel))
  .sort((a, b) => a.name.localeCompare(b.name));
