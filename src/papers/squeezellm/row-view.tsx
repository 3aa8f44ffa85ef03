/** One output closely: its weights, and where evenly spaced, unweighted and weighted levels stand. */

import { useMemo } from 'react';

import type { Run } from '../../run/run';
import type { NumberField } from '../../run/schema';
import { LevelsChart } from '../../ui/charts/LevelsChart';
import { Slider } from '../../ui/controls/Slider';
import { count } from '../../ui/format';
import type { LabProps } from '../../ui/lab-props';
import { hardestOutput, levelsOf, outputOf } from './display';
import { METHODS, type MethodId } from './names';

const SETS = [['book_rtn', 'rtn'], ['book_kmeans', 'kmeans'], ['book', 'dense-and-sparse']] as const satisfies readonly (readonly [string, MethodId])[];

interface RowViewProps extends Pick<Run, 'stages' | 'vectors'>, Pick<LabProps, 'selection' | 'setSelection'> {}

const largestOf = (data: Float32Array | undefined): number | undefined => data && data.indexOf(data.reduce((a, b) => Math.max(a, b), -Infinity));

export function RowView({ stages, vectors, selection, setSelection }: RowViewProps) {
  const wanted = selection.cell?.['n'] ?? hardestOutput(vectors);
  const output = useMemo(() => outputOf(stages, wanted), [stages, wanted]);
  const n = output?.n ?? 0;
  const sets = useMemo(
    () => SETS.flatMap(([stage, id]) => (stages[stage] ? [{ id, ...METHODS[id], levels: levelsOf(stages[stage], n) }] : [])),
    [stages, n],
  );
  const last = (stages['w']?.cols ?? 1) - 1;
  const field = useMemo<NumberField>(() => ({ kind: 'int', group: '', label: 'Output', help: '', min: 0, max: last, step: 1, default: 0 }), [last]);
  if (!output || sets.length === 0) return null;
  const pick = (row: number): void => setSelection({ ...selection, cell: { ...selection.cell, n: row } });
  const gone = output.removed?.reduce((sum, kind) => sum + (kind > 0 ? 1 : 0), 0) ?? 0;
  const [hardest, fullest] = [hardestOutput(vectors), largestOf(vectors['nnz']?.data)];
  return (
    <LevelsChart
      title={`Levels of output ${n}`} note={`${count(output.weights.length, 'weight')}, ${gone} removed; a row of W as stored`} axisLabel="weight w"
      values={output.weights} weights={output.sensitivity} removed={output.removed} sets={sets}
    >
      <span className="row-pick">
        <label htmlFor="row-pick">Output</label>
        <Slider id="row-pick" name="output" field={field} value={n} valueText={`output ${n}`} onMove={pick} />
        <b>{n}</b>
        <button type="button" aria-pressed={n === hardest} onClick={() => pick(hardest)}>costliest to round</button>
        {fullest !== undefined && fullest !== hardest && <button type="button" aria-pressed={n === fullest} onClick={() => pick(fullest)}>most removed</button>}
      </span>
    </LevelsChart>
  );
}
