/**
 * Symbolic tensor shapes: `f32[M,K]`, `u32[N,ceil(K/8)]`, `f32[M,K/G]`, `u32[N,ceil(K/32)*B]`, `f32[N,2^B]`.
 *
 * A plain symbol (`M`) is bound by the first tensor that uses it; a compound expression
 * (`ceil(K/8)`, `K/G`, `2*K`, `2^B`, `N+1`) is evaluated from the symbols and checked. A mismatch is
 * refused with a sentence that names both sizes.
 */

export type DType = 'f32' | 'u32' | 'i32';
export type Dims = Readonly<Record<string, number>>;

export interface ShapeSpec {
  readonly dtype: DType;
  readonly extents: readonly string[];
  readonly text: string;
}

export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

const SPEC = /^(f32|u32|i32)\[([^\]]*)\]$/;
const SYMBOL = /^[A-Za-z]\w*$/;
const QUOTIENT = /^(ceil\()?(\w+)\/(\w+)\)?$/;
const BINARY = /^(.+)([+*^])(\w+)$/;

export function parseShape(text: string): ShapeSpec {
  const match = SPEC.exec(text.replaceAll(' ', ''));
  if (!match) throw new ShapeError(`"${text}" is not a tensor type; write for example f32[M,K].`);
  const extents = match[2] === '' ? [] : match[2].split(',');
  return { dtype: match[1] as DType, extents, text };
}

/** True for an extent that binds a symbol rather than computing one. */
export const isSymbol = (extent: string): boolean => SYMBOL.test(extent);

function value(token: string, dims: Dims): number {
  if (/^\d+$/.test(token)) return Number(token);
  const known = dims[token];
  if (known === undefined) throw new ShapeError(`the size ${token} is not known here; pass it in dims.`);
  return known;
}

/** Evaluates one extent: a quotient, or operators from left to right. Division without `ceil` must be exact. */
export function evalExtent(extent: string, dims: Dims): number {
  const quotient = QUOTIENT.exec(extent);
  if (quotient) {
    const [a, b] = [value(quotient[2], dims), value(quotient[3], dims)];
    if (quotient[1]) return Math.ceil(a / b);
    if (a % b !== 0) throw new ShapeError(`${extent}: ${a} is not a multiple of ${b}.`);
    return a / b;
  }
  const binary = BINARY.exec(extent);
  if (!binary) return value(extent, dims);
  const [a, b] = [evalExtent(binary[1], dims), value(binary[3], dims)];
  return binary[2] === '+' ? a + b : binary[2] === '*' ? a * b : a ** b;
}

export const evalShape = (spec: ShapeSpec, dims: Dims): number[] => spec.extents.map((e) => evalExtent(e, dims));

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/**
 * Binds the symbols of `specs` to the sizes of the tensors given, and checks every extent.
 * @param given sizes that no tensor tells (a group size, say)
 * @throws ShapeError naming the kernel, the tensor and both sizes
 */
export function bindDims(
  kernel: string,
  specs: Readonly<Record<string, ShapeSpec>>,
  shapes: Readonly<Record<string, { readonly dtype: DType; readonly shape: readonly number[] }>>,
  given: Dims = {},
): Dims {
  const dims: Record<string, number> = { ...given };
  const boundBy: Record<string, string> = Object.fromEntries(Object.keys(given).map((k) => [k, 'the given dims']));
  const compound: [string, number][] = [];
  for (const [name, spec] of Object.entries(specs)) {
    const tensor = shapes[name];
    if (!tensor) throw new ShapeError(`${kernel}: the input ${name} (${spec.text}) is missing.`);
    if (tensor.dtype !== spec.dtype) {
      throw new ShapeError(`${kernel}: ${name} must be ${spec.text} but is ${tensor.dtype}[${tensor.shape.join(',')}].`);
    }
    if (tensor.shape.length !== spec.extents.length) {
      throw new ShapeError(
        `${kernel}: ${name} must have ${spec.extents.length} dimensions (${spec.text}) but has ${tensor.shape.length}: [${tensor.shape.join(', ')}].`,
      );
    }
    spec.extents.forEach((extent, axis) => {
      if (!isSymbol(extent)) {
        compound.push([name, axis]);
      } else if (dims[extent] === undefined) {
        dims[extent] = tensor.shape[axis];
        boundBy[extent] = `${name} [${tensor.shape.join(', ')}]`;
      } else if (dims[extent] !== tensor.shape[axis]) {
        throw new ShapeError(
          `${kernel}: ${name} is [${tensor.shape.join(', ')}], so ${extent} would be ${tensor.shape[axis]}, but ${boundBy[extent]} makes it ${dims[extent]} (${name}: ${spec.text}).`,
        );
      }
    });
  }
  for (const [name, axis] of compound) {
    const spec = specs[name];
    const want = evalExtent(spec.extents[axis], dims);
    const have = shapes[name].shape[axis];
    if (want !== have) {
      throw new ShapeError(
        `${kernel}: ${name} is [${shapes[name].shape.join(', ')}], but ${spec.extents[axis]} is ${want} here (${name}: ${spec.text}).`,
      );
    }
  }
  return dims;
}
