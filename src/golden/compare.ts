/** How computed values are held against golden ones. Every rule reduces to one deviation and one bound. */

export type Rule =
  /** Every element equal (0 and −0 are, and NaN and NaN). The bound is the share of unequal ones: 0. */
  | { readonly kind: 'exact' }
  /** Decisions: at least `equal` of all entries the same, the others off by at most `step` (default: by anything). */
  | { readonly kind: 'codes'; readonly equal: number; readonly step?: number }
  /** ‖a − b‖_F / ‖b‖_F */
  | { readonly kind: 'frobenius'; readonly bound: number }
  /**
   * max |a − b| / |b|, element by element; where b = 0, a must be 0. With a floor, |b| counts as at least that much:
   * what is smaller than the floor is made of rounding.
   */
  | { readonly kind: 'relative'; readonly bound: number; readonly floor?: number }
  /** max |a − b| / max |b| */
  | { readonly kind: 'largest'; readonly bound: number }
  /** max |a − b| */
  | { readonly kind: 'absolute'; readonly bound: number }
  /** Not compared, and why. */
  | { readonly kind: 'free'; readonly why: string };

export interface Check {
  readonly quantity: string;
  readonly deviation: number;
  readonly bound: number;
  readonly ok: boolean;
  readonly note?: string;
}

/** An engine that computes in float32 may use ten times a bound on real numbers; decisions keep theirs. */
export const FLOAT32_SLACK = 10;

const check = (quantity: string, deviation: number, bound: number, note?: string): Check => ({
  quantity, deviation, bound, ok: deviation <= bound, note, // NaN is not ok
});

const failed = (quantity: string, note: string): Check => ({ quantity, deviation: Infinity, bound: 0, ok: false, note });

/** Equal, or NaN (a division by zero in the official code) in both. */
const same = (a: number, b: number): boolean => a === b || (Number.isNaN(a) && Number.isNaN(b));

/** Largest of f over all entries; NaN if any is NaN. */
function largest(length: number, f: (i: number) => number): number {
  let max = 0;
  for (let i = 0; i < length; i++) {
    const v = f(i);
    if (!(v <= max)) max = v;
    if (Number.isNaN(v)) return Number.NaN;
  }
  return max;
}

/** ‖a − b‖_F / ‖b‖_F; 0 when both vanish. */
export function relativeFrobenius(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [difference, norm] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    difference += (a[i] - b[i]) ** 2;
    norm += b[i] ** 2;
  }
  return difference === 0 ? 0 : Math.sqrt(difference / norm);
}

/** @param slack factor on the bounds of real numbers: 1, or FLOAT32_SLACK */
export function compare(quantity: string, a: ArrayLike<number>, b: ArrayLike<number>, rule: Rule, slack = 1): Check {
  if (a.length !== b.length) return failed(quantity, `has ${a.length} entries, not ${b.length}`);
  if (rule.kind === 'free') return check(quantity, 0, 0, rule.why);
  const gap = (i: number): number => (same(a[i], b[i]) ? 0 : Math.abs(a[i] - b[i]));
  if (rule.kind === 'exact' || rule.kind === 'codes') {
    let [unequal, step] = [0, 0];
    for (let i = 0; i < b.length; i++) {
      if (same(a[i], b[i])) continue;
      unequal++;
      if (!(gap(i) <= step)) step = gap(i);
    }
    const share = b.length === 0 ? 0 : unequal / b.length;
    if (rule.kind === 'exact') return check(quantity, share, 0, unequal ? `${unequal} of ${b.length} differ` : undefined);
    if (rule.step !== undefined && !(step <= rule.step)) return failed(quantity, `an entry is off by ${step}`);
    return check(quantity, share, Number((1 - rule.equal).toPrecision(6)), unequal ? `${unequal} of ${b.length} differ` : undefined);
  }
  const bound = rule.bound * slack;
  if (rule.kind === 'frobenius') return check(quantity, relativeFrobenius(a, b), bound);
  if (rule.kind === 'absolute') return check(quantity, largest(b.length, gap), bound);
  if (rule.kind === 'largest') {
    const scale = largest(b.length, (i) => Math.abs(b[i]));
    const deviation = largest(b.length, gap);
    return check(quantity, deviation === 0 ? 0 : deviation / scale, bound);
  }
  return check(quantity, largest(b.length, (i) => (gap(i) === 0 ? 0 : gap(i) / Math.max(Math.abs(b[i]), rule.floor ?? 0))), bound);
}

/** The rule for a quantity: the first pattern that matches. */
export function ruleFor(rules: Readonly<Record<string, Rule>>, quantity: string): Rule | undefined {
  const found = Object.keys(rules).find((pattern) => {
    const parts = pattern.split('*').map((part) => part.replace(/[.[\]]/g, String.raw`\$&`));
    return new RegExp(`^${parts.join('.*')}$`).test(quantity);
  });
  return found === undefined ? undefined : rules[found];
}
