/** The panels below the strip. Each redraws only for the parts of the Run that it shows: a slider must not wait for charts. */

import { lazy, memo, Suspense, useMemo, type ComponentProps } from 'react';

import type { MethodResult, Run, StageTensor, Sweep } from '../../run/run';
import { percent, times } from '../../ui/format';
import { Inspector } from '../../ui/inspector/Inspector';
import type { Cell, LabProps, Selection, SetParams } from '../../ui/lab-props';
import { ClaimsPanel } from '../../ui/panels/ClaimsPanel';
import { MeasuredHere, PaperSays } from '../../ui/panels/Figures';
import { below, later } from '../../ui/panels/later';
import { MethodTable } from '../../ui/panels/MethodTable';
import { drawnOf, hardestOutput, scaleOf, type Scales } from './display';
import { BASELINE, HERO } from './headline';
import { measuredHere } from './measured';
import { METHOD_ORDER, METHODS } from './names';
import { schema } from './params';
import { SplitPlane as Plane } from './split-plane';

const AXIS_NAMES = { t: 'token', k: 'input', n: 'output', c: 'level' } as const;
export const FIRST_STAGE = 'wh';

const sameAxes = (a: StageTensor, b: StageTensor): boolean => a.family === b.family && a.axes.join() === b.axes.join();

interface InspectorOfProps extends Pick<LabProps, 'theme' | 'selection' | 'setSelection'>, Pick<Run, 'stages' | 'vectors'> {
  readonly scales: Scales;
}

export const InspectorOf = memo(({ stages, vectors, scales, theme, selection, setSelection }: InspectorOfProps) => {
  const stage = stages[selection.stage] ?? stages[FIRST_STAGE];
  // What the sparse part stores repeats S but for the zero level: it is read only where it is looked at.
  const family = useMemo(() => (stage ? Object.values(stages).filter((s) => sameAxes(s, stage) && (s.id !== 'sz' || stage.id === 's')) : []), [stages, stage]);
  const drawn = useMemo(() => (stage ? drawnOf(stage) : undefined), [stage]);
  if (!stage) return null;
  const held = (axis: string, length: number): number =>
    Math.min(length - 1, selection.cell?.[axis] ?? (axis === 'n' ? hardestOutput(vectors) : Math.floor(length / 3)));
  return (
    <Inspector
      stage={stage} drawn={drawn} family={family} theme={theme} axisNames={AXIS_NAMES}
      vectors={vectors['zero'] && stage.axes.includes('n') ? [vectors['zero']] : []} spectra={[]}
      scale={scaleOf(scales, stage)} factor={1}
      cell={[held(stage.axes[0], stage.rows), held(stage.axes[1], stage.cols)]}
      pin={(cell: Cell) => setSelection({ stage: stage.id, cell: { ...selection.cell, ...cell } })}
    />
  );
});

/** What came with the first result; the other methods follow in their order, and one that is passed over does not exist here. */
const CORE: readonly string[] = [BASELINE, HERO];

/** Methods whose numbers are still to come. */
export function pendingOf(methods: readonly MethodResult[]): { id: string; label: string; slot: MethodResult['slot'] }[] {
  const have = new Set(methods.map((m) => m.id));
  const reached = Math.max(-1, ...METHOD_ORDER.flatMap((id, i) => (have.has(id) && !CORE.includes(id) ? [i] : [])));
  return METHOD_ORDER.flatMap((id, i) => (have.has(id) || i < reached ? [] : [{ id, ...METHODS[id] }]));
}

interface MethodsProps extends Pick<Run, 'methods' | 'scalars'> {
  readonly pinned?: readonly MethodResult[];
}

export const Methods = memo(({ methods, scalars, pinned }: MethodsProps) => {
  const { loss16, accuracy16, layers = 1, layer } = scalars;
  const network = loss16 !== undefined;
  return (
    <MethodTable methods={methods} hero={HERO} pendingIds={pendingOf(methods)} pinned={pinned} order={METHOD_ORDER} by={network ? 'loss' : 'weightedError'} baseline={loss16} symbol="‖E‖/‖W‖">
      {network
        ? <>The 16-bit network: loss {loss16.toFixed(3)} nats{accuracy16 !== undefined && `, accuracy ${percent(accuracy16, 1)}`}. Loss and accuracy have {layers > 1 ? `all ${layers} matrices` : 'the matrix'} quantized; errors and bits are those of layer {layer}.</>
        : <>Weighted error: the sum of <i>F</i>·(ŵ − w)² over the matrix.</>}
    </MethodTable>
  );
});

const PARAMS = Object.keys(schema);
const APART = 'batch';

const SweepPanel = later(below, (m) => m.SweepPanel);

interface SweepsProps {
  readonly sweeps: Run['sweeps'];
  readonly methods: readonly MethodResult[];
  readonly setParams: SetParams;
}

const Sweeps = memo(({ sweeps, methods, setParams }: SweepsProps) => {
  const list = useMemo<readonly Sweep[]>(() => Object.values(sweeps).filter((s) => s.id !== APART), [sweeps]);
  return <SweepPanel sweeps={list} methods={methods} hero={HERO} onPick={setParams} pickable={PARAMS} />;
});

const Batch = memo(({ sweep, setParams }: { readonly sweep: Sweep | undefined; readonly setParams: SetParams }) => {
  const list = useMemo(() => (sweep ? [sweep] : []), [sweep]);
  return <SweepPanel id="batch" sweeps={list} hero={HERO} onPick={setParams} pickable={PARAMS} />;
});

// Below the fold: fetched once the first view stands.
const WorkChart = lazy(() => import('../../ui/charts/WorkChart').then((m) => ({ default: m.WorkChart })));
const ScatterPanel = lazy(() => import('../../ui/charts/ScatterPanel').then((m) => ({ default: m.ScatterPanel })));
const OneRow = lazy(() => import('./row-view').then((m) => ({ default: m.RowView })));

const Work = memo(({ vectors, scalars }: Pick<Run, 'vectors' | 'scalars'>) => {
  const [plain, balanced] = [vectors['nnz'], vectors['work_balanced']];
  const ratio = scalars['workPlainRatio'];
  return plain && balanced
    ? <Suspense><WorkChart plain={plain} balanced={balanced} note={ratio === undefined ? undefined : `the slowest thread does ${times(ratio)} the mean`} /></Suspense>
    : null;
});

export const RowView = memo((props: ComponentProps<typeof OneRow>) => <Suspense fallback={<div className="lab-slot" />}><OneRow {...props} /></Suspense>);
export const SplitPlane = memo(Plane);
const Pareto = memo(ScatterPanel);
const Traffic = later(below, (m) => m.TrafficPanel, null);
const Times = later(below, (m) => m.TimePanel, null);
const Claims = memo(ClaimsPanel);
const Says = memo(PaperSays);

export interface PanelsProps extends Pick<LabProps, 'pinned' | 'theme' | 'selection' | 'setParams' | 'hidden' | 'seed'> {
  readonly run: Run;
  readonly scales: Scales;
  readonly setSelection: (selection: Selection) => void;
}

export const Panels = memo(({ run, scales, pinned, theme, selection, setSelection, setParams, hidden, seed }: PanelsProps) => {
  const { stages, vectors, methods, scalars, kernels, ceilings, device, claims } = run;
  // The ringed point is the method's own; the other baselines, which come one by one, redraw no chart.
  const main = methods.find((m) => m.id === HERO);
  const heroOnly = useMemo(() => (main ? [main] : []), [main]);
  const shown = (id: string): boolean => !hidden.includes(id);
  return (
    <>
      <div className="lab-two">
        {shown('inspector') && <InspectorOf {...{ stages, vectors, scales, theme, selection, setSelection }} />}
        {shown('split') && <SplitPlane stages={stages} scalars={scalars} />}
      </div>
      <div className="lab-table">
        {shown('methods') && <Methods methods={methods} scalars={scalars} pinned={pinned?.methods} />}
        {shown('pareto') && <div className="lab-slot"><Suspense><Pareto id="pareto" scatter={run.scatters?.['pareto']} hero={HERO} onPick={setParams} /></Suspense></div>}
      </div>
      {shown('levels') && <div className="lab-section"><RowView {...{ stages, vectors, selection, setSelection }} /></div>}
      <div className="lab-half">
        {shown('sweeps') && <div className="lab-slot"><Sweeps sweeps={run.sweeps} methods={heroOnly} setParams={setParams} /></div>}
        {shown('batch') && <div className="lab-slot"><Batch sweep={run.sweeps[APART]} setParams={setParams} /></div>}
      </div>
      <div className="lab-half">
        {shown('work') && <Work vectors={vectors} scalars={scalars} />}
        {shown('traffic') && <Traffic traffic={run.traffic} />}
      </div>
      {shown('time') && <div className="lab-section"><Times kernels={kernels} ceilings={ceilings} device={device} /></div>}
      {shown('claims') && <div className="lab-section"><Claims claims={claims} /></div>}
      {shown('figures') && (
        <div className="lab-half">
          <Says figures={seed.figures} />
          <MeasuredHere items={measuredHere(run)} />
        </div>
      )}
    </>
  );
});
