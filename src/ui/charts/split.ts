/** Parts of totals, as bars show them. */

import type { CSSProperties } from 'react';

export interface SplitRow {
  readonly id: string;
  readonly label: string;
  /** null: still to be measured. */
  readonly parts: readonly { readonly part: string; readonly value: number | null }[];
  readonly note?: string;
}

export interface Split {
  /** undefined while a part is missing. */
  readonly totals: readonly (number | undefined)[];
  /** Of the parts that are known. */
  readonly sums: readonly number[];
  readonly longest: number;
  /** Every part once, in order of appearance. */
  readonly parts: readonly string[];
}

export function splitOf(rows: readonly SplitRow[]): Split {
  const totals = rows.map(({ parts }) => (parts.some((p) => p.value === null) ? undefined : parts.reduce((sum, p) => sum + (p.value ?? 0), 0)));
  const sums = rows.map(({ parts }) => parts.reduce((sum, p) => sum + (p.value ?? 0), 0));
  return { totals, sums, longest: Math.max(0, ...sums), parts: [...new Set(rows.flatMap((r) => r.parts.map((p) => p.part)))] };
}

/** Diagonal lines in a colour, as a CSS background. */
export const hatched = (line: string): string => `repeating-linear-gradient(135deg, ${line} 0 1.5px, transparent 1.5px 4.5px)`;
/** Greys by lightness, then the same hatched: eight parts are told apart without a hue. */
const PLAIN = ['var(--line2)', 'var(--ink2)', 'var(--ink3)', 'var(--ink)'] as const;

export function partPaints(parts: readonly string[], hero?: string): ReadonlyMap<string, CSSProperties> {
  const greys = parts.filter((p) => p !== hero);
  const paint = (i: number): CSSProperties => {
    const grey = PLAIN[i % PLAIN.length];
    return i < PLAIN.length ? { background: grey } : { background: hatched(grey), boxShadow: `inset 0 0 0 1px ${grey}` };
  };
  return new Map(parts.map((p) => [p, p === hero ? { background: 'var(--hero)' } : paint(greys.indexOf(p))]));
}
