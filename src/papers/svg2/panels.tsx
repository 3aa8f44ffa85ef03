/** The panels below the strip. Each redraws only for the parts of the Run that it shows: a slider must not wait for charts. */

import { lazy, memo, Suspense, useCallback, useMemo } from 'react';

import type { MethodResult, Run, StageTensor, Sweep } from '../../run/run';
import { percent } from '../../ui/format';
import { Inspector } from '../../ui/inspector/Inspector';
import type { Cell, LabProps, Selection, SetParams } from '../../ui/lab-props';
import { ClaimsPanel } from '../../ui/panels/ClaimsPanel';
import { MeasuredHere, PaperSays } from '../../ui/panels/Figures';
import { below, later } from '../../ui/panels/later';
import { MethodTable } from '../../ui/panels/MethodTable';
import { cellsOf, scaleOf, type Scales } from './display';
import { BASELINE, HERO } from './headline';
import { measuredHere } from './measured';
import { METHOD_ORDER, METHODS } from './names';
import { schema } from './params';

const AXIS_NAMES = { t: 'token', d: 'channel', f: 'frame', p: 'place', cq: 'query cluster', ck: 'key cluster', rank: 'rank', i: 'query', j: 'key', iq: 'query', jk: 'key' } as const;
export const FIRST_STAGE = 'probability';

const sameAxes = (a: StageTensor, b: StageTensor): boolean => a.axes.join() === b.axes.join() && a.rows === b.rows && a.cols === b.cols;

interface InspectorOfProps extends Pick<LabProps, 'theme' | 'selection' | 'setSelection'>, Pick<Run, 'stages' | 'scalars'> {
  readonly scales: Scales;
  readonly token: number;
}

export const InspectorOf = memo(({ stages, scalars, scales, token, theme, selection, setSelection }: InspectorOfProps) => {
  const stage = stages[selection.stage] ?? stages[FIRST_STAGE];
  const family = useMemo(() => (stage && stage.family !== 'rgb' ? Object.values(stages).filter((s) => s.family !== 'rgb' && sameAxes(s, stage)) : []), [stages, stage]);
  const picked = useMemo(() => cellsOf(stages, scalars, token), [stages, scalars, token]);
  if (!stage) return null;
  const held = (axis: string, length: number): number => Math.min(length - 1, selection.cell?.[axis] ?? picked[axis] ?? Math.floor(length / 3));
  return (
    <Inspector
      stage={stage} family={family} theme={theme} axisNames={AXIS_NAMES} vectors={[]} spectra={[]} scale={scaleOf(scales, stage)} factor={1}
      cell={[held(stage.axes[0], stage.rows), held(stage.axes[1], stage.cols)]}
      pin={(cell: Cell) => setSelection({ stage: stage.id, cell: { ...selection.cell, ...cell } })}
    />
  );
});

/** What came with the first result; the others follow in their order, and one that is passed over does not exist here. */
const CORE: readonly string[] = ['dense', HERO];

/** Methods whose numbers are still to come. */
export function pendingOf(methods: readonly MethodResult[]): { id: string; label: string; slot: MethodResult['slot'] }[] {
  const have = new Set(methods.map((m) => m.id));
  const reached = Math.max(-1, ...METHOD_ORDER.flatMap((id, i) => (have.has(id) && !CORE.includes(id) && id !== BASELINE ? [i] : [])));
  return METHOD_ORDER.flatMap((id, i) => (have.has(id) || i < reached ? [] : [{ id, ...METHODS[id] }]));
}

interface MethodsProps extends Pick<Run, 'methods' | 'scalars'> {
  readonly pinned?: readonly MethodResult[];
}

export const Methods = memo(({ methods, scalars, pinned }: MethodsProps) => {
  const { head, heads = 1, layerDensity, layerRecall, layerError } = scalars;
  return (
    <MethodTable methods={methods} hero={HERO} pendingIds={pendingOf(methods)} pinned={pinned} order={METHOD_ORDER} symbol="‖E‖/‖O‖">
      Of head {head}.{heads > 1 && layerDensity !== undefined && layerRecall !== undefined && layerError !== undefined
        && ` All ${heads} heads by meaning: density ${percent(layerDensity, 1)}, recall ${percent(layerRecall, 1)}, error ${percent(layerError, 1)} in the mean.`}
      {' '}Exact top tokens looks at every score first, so it saves nothing.
    </MethodTable>
  );
});

const PARAMS = Object.keys(schema);

const SweepPanel = later(below, (m) => m.SweepPanel);

interface SweepsProps extends Pick<Run, 'sweeps'> {
  readonly id: string;
  readonly wanted: readonly string[];
  readonly methods?: readonly MethodResult[];
  readonly setParams: SetParams;
}

const Sweeps = memo(({ id, wanted, sweeps, methods, setParams }: SweepsProps) => {
  const list = useMemo<readonly Sweep[]>(() => wanted.flatMap((name) => sweeps[name] ?? []), [wanted, sweeps]);
  return <SweepPanel id={id} sweeps={list} methods={methods} hero={HERO} onPick={setParams} pickable={PARAMS} />;
});
const AGAINST_P = ['density', 'recall', 'error', 'clusters'] as const;
const TILES = ['tiles'] as const;
const KMEANS = ['iterations', 'steps'] as const;

// Below the fold: fetched once the first view stands.
const ScatterPanel = lazy(() => import('../../ui/charts/ScatterPanel').then((m) => ({ default: m.ScatterPanel })));
const FramesPanel = lazy(() => import('./frames-panel').then((m) => ({ default: m.FramesPanel })));
const Flight = lazy(() => import('./flight').then((m) => ({ default: m.Flight })));
const DensityTable = lazy(() => import('./density-table').then((m) => ({ default: m.DensityTable })));
const Costs = lazy(() => import('./costs').then((m) => ({ default: m.Costs })));
const Sizes = lazy(() => import('./clusters-panel').then((m) => ({ default: m.Sizes })));
const RowMass = lazy(() => import('./clusters-panel').then((m) => ({ default: m.RowMass })));

export interface PickProps {
  readonly token: number;
  readonly setParams: SetParams;
}
interface VideoProps extends Pick<Run, 'stages' | 'vectors' | 'scalars'>, Pick<LabProps, 'theme'>, PickProps {
  readonly scales: Scales;
}

/** Both pictures of the whole video; a token picked in either is the run's. */
export const Frames = memo(({ setParams, ...props }: VideoProps & { readonly heads: string }) => {
  const onPick = useCallback((token: number) => setParams({ token }), [setParams]);
  return <div className="lab-section"><Suspense fallback={<div className="lab-slot" />}><FramesPanel {...props} onPick={onPick} /></Suspense></div>;
});
export const Flying = memo(({ setParams, ...props }: VideoProps) => {
  const onPick = useCallback((token: number) => setParams({ token }), [setParams]);
  return <div className="lab-section"><Suspense fallback={<div className="lab-slot" />}><Flight {...props} onPick={onPick} /></Suspense></div>;
});
export const Row = memo((props: Pick<Run, 'vectors' | 'scalars'>) => <Suspense fallback={<div className="lab-slot" />}><RowMass {...props} /></Suspense>);

const Pareto = memo(ScatterPanel);
const Density = memo(DensityTable);
const Times = later(below, (m) => m.TimePanel, null);
const Claims = memo(ClaimsPanel);
const Says = memo(PaperSays);

export interface PanelsProps extends Pick<LabProps, 'pinned' | 'theme' | 'selection' | 'setParams' | 'hidden' | 'seed'> {
  readonly run: Run;
  readonly scales: Scales;
  readonly setSelection: (selection: Selection) => void;
}

export const Panels = memo(({ run, scales, pinned, theme, selection, setSelection, setParams, hidden, seed }: PanelsProps) => {
  const { stages, vectors, methods, scalars, sweeps, landscapes, scatters, kernels, ceilings, device, claims } = run;
  // The ringed point is the method's own; the other baselines, which come one by one, redraw no chart.
  const main = methods.find((m) => m.id === HERO);
  const heroOnly = useMemo(() => (main ? [main] : []), [main]);
  const tables = useMemo(() => [landscapes['density'], landscapes['floor']], [landscapes]);
  const shown = (id: string): boolean => !hidden.includes(id);
  const video = { stages, vectors, scalars, scales, theme, setParams, token: Number(run.params['token'] ?? 0) };
  return (
    <>
      {shown('frames') && <Frames {...video} heads={run.provenance.inputs['heads'] ?? ''} />}
      {shown('flight') && <Flying {...video} />}
      <div className="lab-two lab-after">
        {shown('inspector') && <InspectorOf {...{ stages, scalars, scales, theme, selection, setSelection }} token={video.token} />}
        {shown('mass') && <Row vectors={vectors} scalars={scalars} />}
      </div>
      <div className="lab-half">
        {shown('methods') && <Methods methods={methods} scalars={scalars} pinned={pinned?.methods} />}
        {shown('density') && <div className="lab-slot"><Suspense><Density landscapes={tables} onPick={setParams} /></Suspense></div>}
      </div>
      <div className="lab-half">
        {shown('pareto') && <div className="lab-slot"><Suspense><Pareto id="pareto" scatter={scatters?.['recall']} hero={HERO} onPick={setParams} /></Suspense></div>}
        {shown('pareto') && <div className="lab-slot"><Suspense><Pareto id="pareto-error" scatter={scatters?.['error']} hero={HERO} onPick={setParams} /></Suspense></div>}
      </div>
      <div className="lab-half">
        {shown('sweeps') && <div className="lab-slot"><Sweeps id="sweeps" wanted={AGAINST_P} sweeps={sweeps} methods={heroOnly} setParams={setParams} /></div>}
        {shown('tiles') && <div className="lab-slot"><Sweeps id="tiles" wanted={TILES} sweeps={sweeps} setParams={setParams} /></div>}
      </div>
      <div className="lab-half">
        {shown('kmeans') && <div className="lab-slot"><Sweeps id="kmeans" wanted={KMEANS} sweeps={sweeps} setParams={setParams} /></div>}
        {shown('sizes') && <div className="lab-slot"><Suspense><Sizes vectors={vectors} scalars={scalars} /></Suspense></div>}
      </div>
      {shown('cost') && <Suspense><Costs scalars={scalars} device={device} params={run.params} /></Suspense>}
      {shown('time') && kernels.length > 0 && <div className="lab-section"><Times kernels={kernels} ceilings={ceilings} device={device} /></div>}
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

