/** The panels below the strip. Each redraws only for the parts of the Run that it shows: a slider must not wait for charts. */

import { memo, useMemo } from 'react';

import type { MethodResult, Run, StageTensor, Sweep } from '../../run/run';
import { Inspector } from '../../ui/inspector/Inspector';
import type { Cell, LabProps, Selection, SetParams } from '../../ui/lab-props';
import { below, later } from '../../ui/panels/later';
import { drawnOf, pickedQuery, scaleOf, textFirst, tokenMajor, type Scales } from './display';
import { HERO } from './headline';
import { measuredHere } from './measured';
import { METHOD_ORDER, METHODS } from './names';
import { schema } from './params';

export const FIRST_STAGE = 'map';

const AXIS_NAMES = { t: 'token', d: 'channel', i: 'query cell', j: 'key cell', it: 'query cell', jt: 'key cell', f: 'frame', p: 'place' } as const;

const sameAxes = (a: StageTensor, b: StageTensor): boolean => a.family === b.family && a.axes.join() === b.axes.join();
const ofHead = ({ id }: StageTensor): boolean => !id.startsWith('thumb_');

interface InspectorOfProps extends Pick<LabProps, 'theme' | 'selection' | 'setSelection'> {
  readonly run: Run;
  readonly scales: Scales;
}

export const InspectorOf = memo(({ run, scales, theme, selection, setSelection }: InspectorOfProps) => {
  const { stages, params, scalars } = run;
  const stage = stages[selection.stage] ?? stages[FIRST_STAGE];
  const family = useMemo(() => (stage ? Object.values(stages).filter((s) => sameAxes(s, stage) && ofHead(s)) : []), [stages, stage]);
  const drawn = useMemo(() => (stage ? drawnOf(stage) : undefined), [stage]);
  if (!stage) return null;
  const query = pickedQuery({ params, scalars }).video + textFirst({ params, scalars });
  const { cell = 1 } = scalars;
  const standing: Cell = { t: query, i: Math.floor(query / cell), it: Math.floor(tokenMajor(query, { params, scalars }) / cell) };
  const held = (axis: string, length: number): number => Math.min(length - 1, selection.cell?.[axis] ?? standing[axis] ?? Math.floor(length / 3));
  return (
    <Inspector
      stage={stage} drawn={drawn} family={family} theme={theme} axisNames={AXIS_NAMES} vectors={[]} spectra={[]}
      scale={scaleOf(scales, stage)} factor={1} cell={[held(stage.axes[0], stage.rows), held(stage.axes[1], stage.cols)]}
      pin={(picked: Cell) => setSelection({ stage: stage.id, cell: { ...selection.cell, ...picked } })} note={stage.format}
    />
  );
});

const costs = () => import('./operations');

const MethodTable = later(below, (m) => m.MethodTable);
const SweepPanel = later(below, (m) => m.SweepPanel);

/** What came with the first result; the others follow in their order, and one that is passed over does not exist here. */
const CORE: readonly string[] = ['dense', HERO];

function pendingOf(methods: readonly MethodResult[]): { id: string; label: string; slot: MethodResult['slot'] }[] {
  const have = new Set(methods.map((m) => m.id));
  const reached = Math.max(-1, ...METHOD_ORDER.flatMap((id, i) => (have.has(id) && !CORE.includes(id) ? [i] : [])));
  const rest = methods.every((m) => CORE.includes(m.id));
  return METHOD_ORDER.flatMap((id, i) => (have.has(id) || (!rest && i < reached) ? [] : [{ id, ...METHODS[id] }]));
}

/** Known before anything is computed; with it the table has the columns of attention. */
const DENSE: MethodResult = { id: 'dense', ...METHODS.dense, relativeError: 0, sqnrDb: Infinity, density: 1, recall: 1 };

interface MethodsProps extends Pick<Run, 'methods' | 'scalars'> {
  readonly pinned?: readonly MethodResult[];
}

export const Methods = memo(({ methods, scalars, pinned }: MethodsProps) => {
  const { heads = 1, peak, gateDense = 0 } = scalars;
  const known = methods.length > 0 ? methods : [DENSE];
  return (
    <MethodTable methods={known} hero={HERO} pendingIds={pendingOf(known)} pinned={pinned} order={METHOD_ORDER} symbol="‖E‖/‖O‖">
      Over all {heads} heads. Density: share of query and key pairs that are computed. Recall: attention on them.
      {peak !== undefined && ' PSNR is of the attention output, its peak the range of the dense one; a paper’s PSNR is of finished videos.'}
      {gateDense > 0 && ' The method keeps this step dense; its row says what that gives.'}
    </MethodTable>
  );
});

const PARAMS = Object.keys(schema);
/** Sweeps with a panel of their own; the others share one under tabs. */
const APART: readonly string[] = ['agreement', 'tiles', 'steps'];

interface SweepsProps extends Pick<Run, 'sweeps' | 'methods'> {
  readonly setParams: SetParams;
}

const Sweeps = memo(({ sweeps, methods, setParams }: SweepsProps) => {
  const list = useMemo<readonly Sweep[]>(() => Object.values(sweeps).filter((s) => !APART.includes(s.id)), [sweeps]);
  return <SweepPanel sweeps={list} methods={methods} hero={HERO} onPick={setParams} pickable={PARAMS} />;
});

interface OneSweepProps {
  readonly id: string;
  readonly sweep: Sweep | undefined;
  readonly setParams: SetParams;
}

const OneSweep = memo(({ id, sweep, setParams }: OneSweepProps) => {
  const list = useMemo(() => (sweep ? [sweep] : []), [sweep]);
  return <SweepPanel id={id} sweeps={list} hero={HERO} onPick={setParams} pickable={PARAMS} />;
});

export const Gallery = later(() => import('./gallery'), (m) => m.Gallery);
export const Orders = later(() => import('./orders'), (m) => m.Orders);
const Denoising = later(() => import('./denoising'), (m) => m.Denoising);
const Operations = later(costs, (m) => m.Operations);
const Bound = later(costs, (m) => m.Bound);
const Traffic = later(below, (m) => m.TrafficPanel, null);
const Times = later(below, (m) => m.TimePanel, null);
const Claims = later(below, (m) => m.ClaimsPanel, null);
const Says = later(below, (m) => m.PaperSays, null);
const MeasuredHere = later(below, (m) => m.MeasuredHere, null);

export interface PanelsProps extends Pick<LabProps, 'pinned' | 'theme' | 'selection' | 'setParams' | 'hidden' | 'seed'> {
  readonly run: Run;
  readonly scales: Scales;
  readonly setSelection: (selection: Selection) => void;
}

export const Panels = memo(({ run, scales, pinned, theme, selection, setSelection, setParams, hidden, seed }: PanelsProps) => {
  const { methods, scalars, sweeps, kernels, ceilings, device, claims } = run;
  // The ringed point is the method's own; the other baselines, which come one by one, redraw no chart.
  const main = methods.find((m) => m.id === HERO);
  const heroOnly = useMemo(() => (main ? [main] : []), [main]);
  const shown = (id: string): boolean => !hidden.includes(id);
  return (
    <>
      <div className="lab-two">
        {shown('inspector') && <InspectorOf {...{ run, scales, theme, selection, setSelection }} />}
        {shown('bound') && <Bound scalars={scalars} />}
      </div>
      {shown('heads') && <div className="lab-section svg-heads"><Gallery {...{ run, scales, theme, setParams }} /></div>}
      {shown('orders') && <div className="lab-section"><Orders {...{ run, scales, theme }} /></div>}
      <div className="lab-half">
        {shown('methods') && <Methods methods={methods} scalars={scalars} pinned={pinned?.methods} />}
        {shown('sweeps') && <div className="lab-slot"><Sweeps sweeps={sweeps} methods={heroOnly} setParams={setParams} /></div>}
      </div>
      <div className="lab-half">
        {shown('agreement') && <div className="lab-slot"><OneSweep id="agreement" sweep={sweeps['agreement']} setParams={setParams} /></div>}
        {shown('tiles') && <div className="lab-slot"><OneSweep id="tiles" sweep={sweeps['tiles']} setParams={setParams} /></div>}
      </div>
      {shown('timeline') && <div className="lab-section"><Denoising run={run} setParams={setParams} /></div>}
      <div className="lab-half">
        {shown('steps') && <div className="lab-slot"><OneSweep id="steps" sweep={sweeps['steps']} setParams={setParams} /></div>}
        <div className="lab-column">
          {shown('operations') && <Operations scalars={scalars} />}
          {shown('traffic') && <Traffic traffic={run.traffic} />}
        </div>
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
