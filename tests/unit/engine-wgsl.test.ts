/** The WGSL of every kernel against its definition, by an independent parser: uniform layout, bindings, limits, races. */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { WgslReflect } from 'wgsl_reflect/wgsl_reflect.module.js';
import { kernels } from '../../kernels/registry';
import { packUniforms } from '../../src/engine/webgpu/uniforms';

/** Scalars with a bit pattern of their own, so that a swapped or padded member shows. */
const MARK = 1.5;

const variants = kernels.flatMap((kernel) => kernel.variants.map((variant) => ({ kernel, variant, title: `${kernel.name} ${variant.id}` })));

/** The declarations only: they come first, and the parser does not know all of WGSL's statements. */
function parse(wgsl: string): WgslReflect {
  const declarations = wgsl.slice(0, wgsl.search(/^(fn|@compute|@must_use)/m));
  return new WgslReflect(declarations.replaceAll(/^\s*requires .*$/gm, ''));
}

describe('uniform blocks', () => {
  test.for(variants)('$title', ({ kernel, variant }) => {
    const [block] = parse(variant.wgsl).uniforms;
    const names = [...kernel.uniforms, ...Object.keys(kernel.scalars ?? {})];
    expect(block.members?.map(({ name }) => name)).toEqual(names);
    expect(block.members?.map(({ offset }) => offset)).toEqual(names.map((_, i) => 4 * i));
    const types = [...kernel.uniforms.map(() => 'u32'), ...Object.values(kernel.scalars ?? {})];
    expect(block.members?.map(({ type }) => type.name)).toEqual(types);
    const dims = Object.fromEntries([...new Set(kernel.cases.flatMap((entry) => Object.keys(entry.dims)))].map((symbol, i) => [symbol, 8 * (i + 1)]));
    const packed = packUniforms(kernel, dims, Object.fromEntries(Object.keys(kernel.scalars ?? {}).map((name) => [name, MARK])));
    expect(packed.byteLength).toBeGreaterThanOrEqual(block.size);
    const view = new DataView(packed);
    const read = names.map((_, i) => (types[i] === 'f32' ? view.getFloat32(4 * i, true) : view.getUint32(4 * i, true)));
    expect(read).toEqual(names.map((name, i) => (i < kernel.uniforms.length ? dims[name] : types[i] === 'f32' ? MARK : 1)));
  });

  test('a scalar that is not given is refused by name', () => {
    expect(() => packUniforms({ name: 'k', uniforms: [], scalars: { low: 'f32' } }, {}, {})).toThrow(/k needs the scalar low/);
  });
});

describe('bindings and limits', () => {
  test.for(variants)('$title', ({ kernel, variant }) => {
    const shader = parse(variant.wgsl);
    const [inputs, outputs] = [Object.keys(kernel.inputSpecs), Object.keys(kernel.outputSpecs)];
    expect(shader.uniforms.map(({ group, binding }) => [group, binding])).toEqual([[0, 0]]);
    const storage = [...shader.storage].sort((a, b) => a.binding - b.binding);
    expect(storage.map(({ name, binding, access }) => [name, binding, access])).toEqual([
      ...inputs.map((name, i) => [name, i + 1, 'read']),
      ...outputs.map((name, i) => [name, inputs.length + i + 1, 'read_write']),
    ]);
    expect(storage.length).toBeLessThanOrEqual(8); // maxStorageBuffersPerShaderStage
  });

  test.for(variants)('$title: the file holds the very text that runs', ({ variant }) => {
    expect(readFileSync(variant.file, 'utf8')).toBe(variant.wgsl);
  });
});
