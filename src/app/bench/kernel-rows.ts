/** The rows of a benchmark by kernel: what runs by default, the other variants, the rivals, plain TypeScript. */

import type { BenchRow, Ratio } from '../../bench/report';

export interface KernelGroup {
  /** Kernel and sizes: what tells the group from the others. */
  readonly key: string;
  readonly kernel: string;
  /** The kernel, with its sizes where it was timed at several. */
  readonly label: string;
  /** As they came. */
  readonly rows: readonly BenchRow[];
  /** The variant that runs by default: on the engine's own clock where it was timed by it. */
  readonly ours?: BenchRow;
  readonly reference?: BenchRow;
  /** By library: the time of its fastest way over ours, on the clock that both share. */
  readonly ratios: ReadonlyMap<string, Ratio>;
  readonly wrong: number;
}

/** 'M 384, N 384, K 384' */
export const sizesText = ({ dims }: Pick<BenchRow, 'dims'>): string => Object.entries(dims).map(([name, n]) => `${name} ${n}`).join(', ');

/** 'ONNX Runtime Web' of 'ONNX Runtime Web 1.30.0 MatMulNBits, block 32, level 4'. */
export const libraryOf = (contender: string): string => /^(.+?) \d+(\.\d+)+/.exec(contender)?.[1] ?? contender;

/** Of several ways of a library the fastest. */
function byLibrary(ratios: Readonly<Record<string, Ratio>>): ReadonlyMap<string, Ratio> {
  const best = new Map<string, Ratio>();
  for (const [contender, ratio] of Object.entries(ratios)) {
    const library = libraryOf(contender);
    const known = best.get(library);
    if (!known || ratio.ofMedians < known.ofMedians) best.set(library, ratio);
  }
  return best;
}

function groupOf(key: string, rows: readonly BenchRow[], several: boolean): KernelGroup {
  const [{ kernel }] = rows;
  const shared = rows.filter(({ kind, rivals }) => kind === 'variant' && rivals !== undefined);
  const variants = rows.filter(({ kind }) => kind === 'variant');
  const direct = variants.filter(({ clock }) => clock !== 'queue');
  const own = direct.length > 0 ? direct : variants;
  return {
    key,
    kernel,
    label: several ? `${kernel}, ${sizesText(rows[0])}` : kernel,
    rows,
    ours: own.find(({ chosen }) => chosen) ?? own[0],
    reference: rows.find(({ kind }) => kind === 'reference'),
    ratios: byLibrary((shared.find(({ chosen }) => chosen) ?? shared[0])?.rivals ?? {}),
    wrong: rows.filter(({ correct }) => !correct).length,
  };
}

/** In the order in which they were measured. */
export function groupRows(rows: readonly BenchRow[]): KernelGroup[] {
  const groups = new Map<string, BenchRow[]>();
  for (const row of rows) {
    const key = `${row.kernel}(${sizesText(row)})`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const names = [...groups.values()].map(([{ kernel }]) => kernel);
  return [...groups].map(([key, own]) => groupOf(key, own, names.filter((name) => name === own[0].kernel).length > 1));
}

/** How many times as long plain TypeScript takes. */
export const overTypeScript = ({ ours, reference }: KernelGroup): number | undefined =>
  (ours?.time && reference?.time ? reference.time.median / ours.time.median : undefined);

export type ColumnId = 'kernel' | 'time' | 'flops' | 'bytes' | 'share' | 'typescript' | `rival:${string}`;

export interface Sort {
  /** Absent: as measured. */
  readonly column?: ColumnId;
  readonly descending: boolean;
}

export const AS_MEASURED: Sort = { descending: false };

/** A column's own direction first (short times, large rates), then the other, then as measured again. */
export function nextSort(now: Sort, column: ColumnId): Sort {
  const first = column !== 'kernel' && column !== 'time';
  if (now.column !== column) return { column, descending: first };
  return now.descending === first ? { column, descending: !first } : AS_MEASURED;
}

function keyOf(group: KernelGroup, column: ColumnId): number | string | undefined {
  const row = group.ours ?? group.reference;
  switch (column) {
    case 'kernel': return group.kernel;
    case 'time': return row?.time?.median;
    case 'flops': return row?.flopsPerSecond;
    case 'bytes': return row?.bytesPerSecond;
    case 'share': return row?.rooflineShare;
    case 'typescript': return overTypeScript(group);
    default: return group.ratios.get(column.slice('rival:'.length))?.ofMedians;
  }
}

/** What has no value in the column keeps its order and stands last. */
export function sortGroups(groups: readonly KernelGroup[], { column, descending }: Sort): KernelGroup[] {
  if (column === undefined) return [...groups];
  const keyed = groups.map((group, at) => ({ group, at, key: keyOf(group, column) }));
  return keyed
    .sort((a, b) => {
      if (a.key === undefined || b.key === undefined) return Number(a.key === undefined) - Number(b.key === undefined) || a.at - b.at;
      const order = typeof a.key === 'string' ? a.key.localeCompare(String(b.key)) : a.key - Number(b.key);
      return (descending ? -order : order) || a.at - b.at;
    })
    .map(({ group }) => group);
}

export const median = (values: readonly number[]): number | undefined => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length === 0 ? undefined : sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
};

/** How our kernels and plain TypeScript compare on this device, over the kernels that were timed. */
export function typeScriptVerdict(groups: readonly KernelGroup[]): { readonly kernels: number; readonly faster: number; readonly middle: number } | undefined {
  const ratios = groups.flatMap((group) => overTypeScript(group) ?? []);
  const middle = median(ratios);
  return middle === undefined ? undefined : { kernels: ratios.length, faster: ratios.filter((ratio) => ratio < 1).length, middle };
}
