import { useEffect, useMemo, useState } from 'react';
import { bestUnder } from '../../report/mix';
import { kindOf } from '../../report/names';
import { EngineBadge } from '../../ui/feedback/EngineBadge';
import { NoticeBox } from '../../ui/feedback/NoticeBox';
import { bytes, count } from '../../ui/format';
import { Panel } from '../../ui/panels/Panel';
import { DropZone } from '../files/DropZone';
import { onPlace } from '../link';
import { PageBar } from '../shell/PageBar';
import { columnsFor } from './columns';
import { Connection } from './Connection';
import { Controls } from './Controls';
import { ExportPanel } from './ExportPanel';
import { measureName } from './methods';
import { MixPanel } from './MixPanel';
import { planFor, singles, useMix, type PlanId } from './plan';
import { Progress } from './Progress';
import { ReadingPanel } from './ReadingPanel';
import { filterRows, NO_FILTER, sortRows, type ColumnId, type Filter, type Only, type Row, type Sort } from './rows';
import { ChooseFiles, Start } from './Start';
import { useReport } from './store';
import { Headline, SummaryPanel } from './Summary';
import { TensorTable } from './TensorTable';
import type { ReportMethodId } from '../../report/contract';
import './report.css';

function Filters({ filter, setFilter, kinds, sort, setSort, columns }: {
  readonly filter: Filter; readonly setFilter: (filter: Filter) => void; readonly kinds: readonly string[];
  readonly sort: Sort; readonly setSort: (sort: Sort) => void; readonly columns: readonly { readonly id?: ColumnId; readonly name: string }[];
}) {
  return (
    <div className="filters">
      <label>Find <input type="search" value={filter.text} placeholder="name, type or size" onChange={(event) => setFilter({ ...filter, text: event.target.value })} /></label>
      {kinds.length > 1 && (
        <label>Kind <select value={filter.kind} onChange={(event) => setFilter({ ...filter, kind: event.target.value })}>
          <option value="">all</option>
          {kinds.map((kind) => <option key={kind} value={kind}>{kind}</option>)}
        </select></label>
      )}
      <label>Show <select value={filter.only} onChange={(event) => setFilter({ ...filter, only: event.target.value as Only })}>
        <option value="all">all tensors</option>
        <option value="measured">measured</option>
        <option value="skipped">not measured</option>
      </select></label>
      <label className="filters-sort">Sort by <select
        value={`${sort.column} ${sort.descending ? 'down' : 'up'}`}
        onChange={(event) => { const [column, way] = event.target.value.split(' '); setSort({ column: column as ColumnId, descending: way === 'down' }); }}
      >
        {columns.flatMap(({ id, name }) => (id === undefined ? [] : [
          <option key={`${id} down`} value={`${id} down`}>{name}, {id === 'tensor' || id === 'dtype' ? 'Z to A' : 'largest first'}</option>,
          <option key={`${id} up`} value={`${id} up`}>{name}, {id === 'tensor' || id === 'dtype' ? 'A to Z' : 'smallest first'}</option>,
        ]))}
      </select></label>
    </div>
  );
}

const WORST_FIRST: Sort = { column: 'bulk', descending: true };

/** The opened model: its tensors at once, their measures as they come, what they add up to, and what to take away. */
function Report() {
  const { model, reports, skipped, params, measuredWith } = useReport();
  const methods: readonly ReportMethodId[] = measuredWith?.methods ?? params.methods;
  const [chosenSort, setSort] = useState(WORST_FIRST);
  const [filter, setFilter] = useState(NO_FILTER);
  const [wanted, setPlan] = useState<PlanId>('mix');
  const { mix, curve, reports: measured } = useMix();

  // A method that is no longer measured cannot be sorted by.
  const sort = chosenSort.column.startsWith('error:') && !methods.some((id) => chosenSort.column === `error:${id}`) ? WORST_FIRST : chosenSort;
  const columns = useMemo(() => columnsFor(methods, params.budget), [methods, params.budget]);
  const kinds = useMemo(() => [...new Set(model?.tensors.map(({ name }) => kindOf(name)))].sort(), [model]);
  const rows = useMemo(() => (model?.tensors ?? []).map((tensor): Row => {
    const report = reports.get(tensor.name);
    return { tensor, report, skipped: skipped.get(tensor.name), best: report && bestUnder(report, params.budget) };
  }), [model, reports, skipped, params.budget]);
  const shown = useMemo(() => sortRows(filterRows(rows, filter, kindOf), sort), [rows, filter, sort]);
  const scale = useMemo(() => 100 * Math.max(0, ...measured.flatMap((r) => r.methods.map((m) => m.relativeError))), [measured]);

  const whole = useMemo(() => singles(measured), [measured]);
  const single = whole.find((one) => `${one.id} ${one.bits}` === wanted);
  const plan = useMemo(() => (single ? planFor(measured, single.id, single.bits) : mix), [measured, single, mix]);
  if (!model) return null;
  return (
    <>
      <Headline plan={plan} reports={measured} name={single ? measureName(single) : 'the mix below'} />
      <Panel title="Tensors" note="relative error in %, ‖Ŵ − W‖ / ‖W‖, as stored" id="tensors">
        <Filters filter={filter} setFilter={setFilter} kinds={kinds} sort={sort} setSort={setSort} columns={[{ id: 'tensor', name: 'Name' }, ...columns]} />
        <TensorTable rows={shown} columns={columns} scale={scale} sort={sort} setSort={setSort} />
        <p className="sub">{shown.length === rows.length ? count(rows.length, 'tensor') : `${shown.length} of ${count(rows.length, 'tensor')}`}. Bars share one scale. A name opens all that was measured of its tensor, and the labs. Codes are computed on the processor, so that they are the same on every device; low-rank factors on the engine.</p>
      </Panel>
      {measured.length > 0 && (
        <>
          <div className="report-pair">
            <MixPanel mix={mix} curve={curve} reports={measured} />
            <SummaryPanel reports={measured} />
          </div>
          <ExportPanel plan={plan} planId={single ? wanted : 'mix'} setPlan={setPlan} reports={measured} />
        </>
      )}
    </>
  );
}

/** "Your model": a file of the reader's own against every method, tensor by tensor. */
export default function ReportPage() {
  const { phase, model, status, notice, openFiles, close, dismiss, followLink } = useReport();
  useEffect(() => { document.title = 'Your model · Paperkernels'; }, []);
  useEffect(() => {
    followLink();
    return onPlace(followLink);
  }, [followLink]);
  const open = model !== undefined;
  return (
    <div className="plain report" data-report={model?.name ?? ''} data-state={phase} data-engine={status?.device.engine} data-adapter={status?.device.label}>
      <PageBar current="model" />
      <main>
        <h1>Your model</h1>
        <p className="report-lede">Every weight matrix of a file, stored seven ways in fewer bits: the error of each, the bits it takes, and which to choose.</p>
        <Connection />
        <div className="notices">
          {notice && <NoticeBox notice={notice} actions={[{ label: 'Dismiss', onClick: dismiss }]} />}
          {status?.notices.filter(({ code }) => code !== 'software-adapter' && code !== 'no-webgpu' && code !== 'no-adapter').map((one) => <NoticeBox key={one.code} notice={one} />)}
        </div>
        {!open && <Start />}
        {open && (
          <section className="report-model" aria-label="The opened model">
            <div>
              <h2 title={model.name}>{model.name}</h2>
              <p>{model.format}, {bytes(model.size)}, {count(model.tensors.length, 'tensor')}, {count(model.tensors.filter((t) => t.matrix).length, 'matrix', 'matrices')}</p>
            </div>
            <EngineBadge device={status?.device} state={phase === 'measuring' ? 'running' : 'done'} />
            <span className="report-actions">
              <ChooseFiles label="Open another" take={(files) => void openFiles(files)} />
              <button type="button" className="button" onClick={close}>Close</button>
            </span>
          </section>
        )}
        {open && <Progress />}
        {open && <Controls />}
        <ReadingPanel />
        {open && <Report />}
      </main>
      <DropZone what="Drop .safetensors, .gguf or .npy" onFiles={(files) => void openFiles(files)} />
    </div>
  );
}
