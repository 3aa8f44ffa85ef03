/** How a kernel's output is judged against the oracle's: by the rule its definition names. */

import type { AnyKernel, Compare, Data, Variant } from '../../kernels/define';

export interface Verdict {
  readonly ok: boolean;
  /** In words, with figures: "nmse 3.1e-15", "2 of 64 codes differ". */
  readonly detail: string;
}

/** ‖out − oracle‖² / ‖oracle‖²; of a zero oracle, ‖out‖² itself. Infinite where a number is not finite. */
export function nmse(out: Data, oracle: Data): number {
  let [error, norm] = [0, 0];
  for (let i = 0; i < oracle.length; i++) {
    const difference = out[i] - oracle[i];
    error += difference * difference;
    norm += oracle[i] * oracle[i];
  }
  const value = norm > 0 ? error / norm : error;
  return Number.isFinite(value) ? value : Infinity;
}

function compareExact(out: Data, oracle: Data): Verdict {
  let [wrong, first] = [0, -1];
  for (let i = 0; i < oracle.length; i++) {
    if (Object.is(out[i], oracle[i]) || out[i] === oracle[i]) continue;
    if (first < 0) first = i;
    wrong++;
  }
  const where = wrong ? `; the first at ${first}: ${out[first]} for ${oracle[first]}` : '';
  return { ok: wrong === 0, detail: wrong ? `${wrong} of ${oracle.length} differ${where}` : `${oracle.length} equal` };
}

/** Two's complement value of a nibble. */
const signed = (nibble: number): number => (nibble << 28) >> 28;

/** One step apart, whether the nibble is an integer or an index into a codebook. */
const neighbours = (a: number, b: number): boolean => Math.abs(signed(a) - signed(b)) === 1 || Math.abs(a - b) === 1;

function compareCodes(out: Data, oracle: Data, maxTies: number): Verdict {
  let [differ, far] = [0, 0];
  for (let i = 0; i < oracle.length; i++) {
    if (out[i] === oracle[i]) continue;
    for (let shift = 0; shift < 32; shift += 4) {
      const [a, b] = [(out[i] >>> shift) & 15, (oracle[i] >>> shift) & 15];
      if (a === b) continue;
      differ++;
      if (!neighbours(a, b)) far++;
    }
  }
  const total = 8 * oracle.length;
  if (differ === 0) return { ok: true, detail: `${total} codes equal` };
  const ok = far === 0 && differ <= maxTies;
  const reason = far ? `, ${far} by more than a neighbour` : ok ? ` at rounding ties (${maxTies} allowed)` : `, but at most ${maxTies} may, at rounding ties`;
  return { ok, detail: `${differ} of ${total} codes differ${reason}` };
}

/** @param out what the engine computed, @param oracle what the reference computed */
export function compareOutput(rule: Compare, out: Data, oracle: Data): Verdict {
  if (out.length !== oracle.length) return { ok: false, detail: `${out.length} numbers where ${oracle.length} are due` };
  if (rule.kind === 'exact') return compareExact(out, oracle);
  if (rule.kind === 'codes') return compareCodes(out, oracle, rule.maxTies);
  const value = nmse(out, oracle);
  const ok = value <= rule.bound;
  return { ok, detail: `nmse ${value.toExponential(1)}${ok ? '' : ` > ${rule.bound.toExponential(0)}`}` };
}

/**
 * Every output of a kernel, by name.
 * @param variant which of its variants made them: one of coarser arithmetic is held to the bounds it states
 */
export function compareOutputs(kernel: AnyKernel, out: Readonly<Record<string, Data>>, oracle: Readonly<Record<string, Data>>, variant?: string): Record<string, Verdict> {
  const own = (kernel.variants as readonly Variant[]).find(({ id }) => id === variant)?.lossy;
  return Object.fromEntries(
    Object.keys(kernel.outputSpecs).map((name) => [name, compareOutput(own?.[name] ?? kernel.compare[name], out[name], oracle[name])]),
  );
}
