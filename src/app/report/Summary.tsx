import { worstFirst } from '../../report/format';
import { summarise } from '../../report/summary';
import { useMemo } from 'react';
import type { ReportMethodId, TensorReport } from '../../report/contract';
import { bits, bytes, count, PENDING, percent } from '../../ui/format';
import { Marker } from '../../ui/markers/Marker';
import { Panel } from '../../ui/panels/Panel';
import { DepthChart } from './Charts';
import { bulkText } from './columns';
import { METHODS } from './methods';
import type { Plan } from './plan';
import { measurable, useReport } from './store';

/** Size now, size as planned, error: the three numbers that decide. */
export function Headline({ plan, reports, name }: { readonly plan: Plan; readonly reports: readonly TensorReport[]; readonly name: string }) {
  const { model, skipped, phase } = useReport();
  if (!model) return null;
  const matrices = measurable(model).length;
  const rest = model.tensors.filter((t) => skipped.has(t.name)).reduce((sum, t) => sum + t.bytes, 0);
  const measured = new Set(reports.map((r) => r.tensor));
  const now = model.tensors.filter((t) => measured.has(t.name) || skipped.has(t.name)).reduce((sum, t) => sum + t.bytes, 0);
  const [worst] = worstFirst(reports);
  const some = reports.length > 0;
  const pending = some ? undefined : 'figure-pending';
  const partial = some && phase !== 'done' ? `of ${reports.length} of ${count(matrices, 'matrix', 'matrices')} so far` : undefined;
  return (
    <dl className="headline-figures" aria-live="off">
      <div><dt>Size now</dt><dd>{bytes(some ? now : model.size)}</dd><dd className="figure-note">{partial ?? `${count(model.tensors.length, 'tensor')}, ${count(matrices, 'matrix', 'matrices')}`}</dd></div>
      <div><dt>Quantized</dt><dd className={pending}>{some ? bytes(plan.bytes + rest) : PENDING}</dd><dd className="figure-note">{some ? `${name}: ${bits(plan.bitsPerWeight)} bits per weight` : ''}</dd></div>
      <div><dt>Relative error</dt><dd className={pending}>{some ? percent(plan.relativeError) : PENDING}</dd><dd className="figure-note">{some ? 'of all its weights together' : ''}</dd></div>
      <div className="figure-hardest"><dt>Hardest to round</dt><dd className="figure-name" title={worst?.tensor}>{worst ? worst.tensor : PENDING}</dd><dd className="figure-note">{worst ? worst.methods.slice(0, 1).map((m) => `${METHODS[m.id].label} errs by ${bulkText(m)} % of the spread of its bulk`).join('') : ''}</dd></div>
    </dl>
  );
}

type Errors = Readonly<Partial<Record<ReportMethodId, number>>>;

function ErrorsTable({ first, rows, methods }: { readonly first: string; readonly rows: readonly { readonly name: string; readonly tensors: number; readonly weights: number; readonly errors: Errors }[]; readonly methods: readonly ReportMethodId[] }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="report-table-box" tabIndex={0} role="region" aria-label={`Error by ${first}`}>
      <table className="report-table">
        <thead><tr><th scope="col">{first}</th><th scope="col">tensors</th>{methods.map((id) => <th key={id} scope="col"><Marker slot={METHODS[id].slot} size={10} /> {METHODS[id].short}</th>)}</tr></thead>
        <tbody>
          {rows.map(({ name, tensors, errors }) => (
            <tr key={name}><th scope="row">{name}</th><td>{tensors}</td>{methods.map((id) => <td key={id}>{errors[id] === undefined ? '–' : (100 * errors[id]).toFixed(2)}</td>)}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Error by the layers' depth where the names tell it, and by kind of tensor. */
export function SummaryPanel({ reports }: { readonly reports: readonly TensorReport[] }) {
  const measuredWith = useReport((report) => report.measuredWith);
  const summary = useMemo(() => summarise(reports, []), [reports]);
  const methods = measuredWith?.methods ?? [];
  const { byDepth, byKind } = summary;
  return (
    <Panel title={byDepth.length > 1 ? 'Error by layer' : 'Error by kind of tensor'} note={`relative error %, at ${measuredWith?.bits ?? ''} bits`} id="by-layer">
      {byDepth.length > 1 && <DepthChart points={byDepth} methods={methods} bits={measuredWith?.bits ?? 0} />}
      {byKind.length > 0 && <ErrorsTable first="kind" methods={methods} rows={byKind.map((row) => ({ ...row, name: row.kind }))} />}
      <p className="sub">{byDepth.length > 1 ? 'The layer is the number in the tensors’ names. ' : ''}Tensors of a layer or kind count together, by their squares.</p>
    </Panel>
  );
}

