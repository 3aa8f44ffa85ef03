/** Mutations of files for the fuzzer, and a watch over what a reader allocates. */

import { array, constantFrom, double, nat, oneof, record, tuple, uint8Array, type Arbitrary } from 'fast-check';

export type Mutation = (bytes: Uint8Array) => Uint8Array;

const at = (share: number, length: number): number => Math.min(length - 1, Math.floor(share * length));
const share = double({ min: 0, max: 1, noNaN: true });
const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
export const splice = (bytes: Uint8Array, from: number, remove: number, insert: Uint8Array): Uint8Array =>
  new Uint8Array([...bytes.subarray(0, from), ...insert, ...bytes.subarray(from + remove)]);

/** Swaps one printed number, bracket, quote or name of a text header for another text. */
export const retype: Arbitrary<Mutation> = record({
  where: share,
  text: constantFrom('-1', '0', '1e9', '4294967296', '99999999999999999999', '1e400', '1.5', '"', '{', ']', 'null', 'NaN', '(', ',', "'", 'F31', '<c8', '"\\ud800"', '"\u202e\u0000"', `"${'é'.repeat(60)}"`, `${'['.repeat(300)}${']'.repeat(300)}`),
}).map(({ where, text }) => (bytes) => {
  const header = new TextDecoder('latin1').decode(bytes.subarray(0, 600));
  const tokens = [...header.matchAll(/\d+|[[\]{}()"':,]|F\d+|<f\d/g)];
  const token = tokens[at(where, tokens.length)];
  return token ? splice(bytes, token.index, token[0].length, new TextEncoder().encode(text)) : bytes;
});

/** A binary field grown or shrunk: a count, a length, a dimension, an offset, a type. */
const field: Arbitrary<Mutation> = tuple(share, constantFrom(4, 8), constantFrom(0n, 1n, 2n, 31n, 255n, 2n ** 16n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 40n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n))
  .map(([where, size, value]) => (bytes) => {
    if (bytes.length < size) return bytes;
    const out = bytes.slice();
    const begin = Math.floor(where * (bytes.length - size));
    if (size === 4) viewOf(out).setUint32(begin, Number(BigInt.asUintN(32, value)), true);
    else viewOf(out).setBigUint64(begin, value, true);
    return out;
  });

/** Two fields of eight bytes change places. */
const swap: Arbitrary<Mutation> = tuple(share, share).map(([a, b]) => (bytes) => {
  if (bytes.length < 8) return bytes;
  const [i, j] = [a, b].map((where) => Math.floor(where * (bytes.length - 8)));
  const out = bytes.slice();
  out.set(bytes.subarray(i, i + 8), j);
  out.set(bytes.subarray(j, j + 8), i);
  return out;
});

/** What happens to any file: cut short, bytes and bits flipped, bytes put in, fields changed. */
export const anyMutation: Arbitrary<Mutation> = oneof(
  share.map((where): Mutation => (bytes) => bytes.slice(0, at(where, bytes.length + 1))),
  tuple(share, nat(255)).map(([where, value]): Mutation => (bytes) => (bytes.length ? bytes.with(at(where, bytes.length), value) : bytes)),
  tuple(share, nat(7)).map(([where, bit]): Mutation => (bytes) => (bytes.length ? bytes.with(at(where, bytes.length), bytes[at(where, bytes.length)] ^ (1 << bit)) : bytes)),
  tuple(nat(16), nat(255)).map(([where, value]): Mutation => (bytes) => (where < bytes.length ? bytes.with(where, value) : bytes)),
  tuple(share, uint8Array({ maxLength: 9 })).map(([where, extra]): Mutation => (bytes) => splice(bytes, at(where, bytes.length + 1), 0, extra)),
  field,
  swap,
);

export const some = (mutation: Arbitrary<Mutation>): Arbitrary<readonly Mutation[]> => array(mutation, { minLength: 1, maxLength: 3 });
export const mutate = (bytes: Uint8Array, changes: readonly Mutation[]): Uint8Array => changes.reduce((b, change) => change(b), bytes);

const WATCHED = ['Uint8Array', 'Uint16Array', 'Uint32Array', 'Float32Array', 'Float64Array', 'BigUint64Array', 'ArrayBuffer'] as const;

/** Puts a watch on the typed arrays; `largest` since the last `reset`, bytes. Undo with `stop`. */
export function watchAllocations(): { largest: () => number; reset: () => void; stop: () => void } {
  let largest = 0;
  const originals = new Map<string, unknown>();
  for (const name of WATCHED) {
    const original: new (...args: never[]) => object = globalThis[name];
    originals.set(name, original);
    const size = name === 'ArrayBuffer' ? 1 : globalThis[name].BYTES_PER_ELEMENT;
    const watched: typeof original = new Proxy(original, {
      construct(target, args: unknown[], newTarget): object {
        if (typeof args[0] === 'number') largest = Math.max(largest, args[0] * size);
        return Reflect.construct(target, args, newTarget === watched ? target : newTarget) as object;
      },
    });
    Object.assign(globalThis, { [name]: watched });
  }
  return { largest: () => largest, reset: () => { largest = 0; }, stop: () => { Object.assign(globalThis, Object.fromEntries(originals)); } };
}
