/** The texts of the repository: what the page shows is what runs. */

const references = import.meta.glob<string>('../../../kernels/*/*.reference.ts', { query: '?raw', import: 'default' });

/** The kernel's oracle in TypeScript. */
export async function referenceSource(kernel: string): Promise<string> {
  const load = references[`../../../kernels/${kernel}/${kernel}.reference.ts`];
  return load ? load() : 'The reference stands in the kernel’s own file.';
}

/**
 * Lines (counted from 1) of the edited text that the original has not at that place: what both begin and end with is
 * left out, the rest counts unless the same line stands in the original's rest, in order.
 */
export function editedLines(original: string, edited: string): readonly number[] {
  const [a, b] = [original.split('\n'), edited.split('\n')];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const lines: number[] = [];
  let from = head;
  for (let i = head; i < b.length - tail; i++) {
    const found = a.indexOf(b[i], from);
    if (found >= 0 && found < a.length - tail) from = found + 1;
    else lines.push(i + 1);
  }
  return lines;
}

/** '8', '8 and 11', '8–10' */
export function lineList(lines: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const line of lines) {
    const last = runs[runs.length - 1];
    if (last && line === last[1] + 1) last[1] = line;
    else runs.push([line, line]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(', ');
}
