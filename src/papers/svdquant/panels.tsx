/** The panels below the strip. Each redraws only for the parts of the Run that it shows: a slider must not wait for charts. */

import { lazy, memo, Suspense, useMemo } from 'react';

import type { Landscape, MethodResult, ParamValue, Run, StageTensor, Sweep } from '../../run/run';
import { LandscapeChart } from '../../ui/charts/LandscapeChart';
import { PENDING, percent } from '../../ui/format';
import { Inspector } from '../../ui/inspector/Inspector';
import type { Cell, LabProps, SetParams } from '../../ui/lab-props';
import { ClaimsPanel } from '../../ui/panels/ClaimsPanel';
import { MeasuredHere, PaperSays } from '../../ui/panels/Figures';
import { below, later } from '../../ui/panels/later';
import { MethodTable } from '../../ui/panels/MethodTable';
import { Sym } from '../../ui/symbol/Symbol';
import { displayFactor, loudestChannel, medianLambda, scaleOf, VECTORS, type Scales } from './display';
import { HERO } from './headline';
import { measuredHere } from './measured';
import { METHOD_ORDER, METHODS } from './names';
import { schema } from './params';

const AXIS_NAMES = { t: 'token', k: 'channel', n: 'output', r: 'rank' } as const;
export const FIRST_STAGE = 'r';
/** W for context, Ŵ that is split, R that is left: in drawing order. */
const SPECTRA = [['w', 'context'], ['ws', 'split'], ['r', 'rest']] as const;

const sameAxes = (a: StageTensor, b: StageTensor): boolean => a.family === b.family && a.axes.join() === b.axes.join();

interface InspectorOfProps extends Pick<LabProps, 'theme' | 'selection' | 'setSelection'>, Pick<Run, 'stages' | 'vectors' | 'spectra'> {
  readonly scales: Scales;
}

export const InspectorOf = memo(({ stages, vectors, spectra: known, scales, theme, selection, setSelection }: InspectorOfProps) => {
  const stage = stages[selection.stage] ?? stages[FIRST_STAGE];
  const family = useMemo(() => (stage ? Object.values(stages).filter((s) => sameAxes(s, stage)) : []), [stages, stage]);
  const spectra = useMemo(() => SPECTRA.flatMap(([id, role]) => (known[id] ? [{ spectrum: known[id], role }] : [])), [known]);
  if (!stage) return null;
  const lambda = vectors[VECTORS.lambda];
  const held = (axis: string, length: number): number =>
    Math.min(length - 1, selection.cell?.[axis] ?? (axis === 'k' ? loudestChannel(vectors) : Math.floor(length / 3)));
  return (
    <Inspector
      stage={stage} family={family} theme={theme} axisNames={AXIS_NAMES}
      vectors={lambda && stage.axes.includes('k') ? [lambda] : []} spectra={spectra}
      scale={scaleOf(scales, stage)} factor={displayFactor(stage.id, medianLambda(vectors))}
      cell={[held(stage.axes[0], stage.rows), held(stage.axes[1], stage.cols)]}
      pin={(cell: Cell) => setSelection({ stage: stage.id, cell: { ...selection.cell, ...cell } })}
    />
  );
});

/** Where the method's error comes from, in words under the table. */
function Sources({ scalars }: { readonly scalars: Run['scalars'] }) {
  const { errorFromX, errorFromR, errorFromXWithoutSplit: unsplit, refineIterations: rounds } = scalars;
  const part = (value: number | undefined): string => (value === undefined ? PENDING : percent(value));
  return (
    <>
      Of SVDQuant’s error, rounding <Sym text="^X" /> adds {part(errorFromX)} and rounding <Sym text="R" /> adds {part(errorFromR)}.
      The same <Sym text="^X" /> rounded against <Sym text="^W" /> would add {part(unsplit)}.
      {rounds !== undefined && ` Refined: ${rounds} ${rounds === 1 ? 'alternation' : 'alternations'} of SVD and rounding.`}
    </>
  );
}

interface MethodsProps extends Pick<Run, 'methods' | 'scalars'> {
  readonly pinned?: readonly MethodResult[];
}

export const Methods = memo(({ methods, scalars, pinned }: MethodsProps) => {
  const have = new Set(methods.map((m) => m.id));
  const pending = METHOD_ORDER.filter((id) => !have.has(id)).map((id) => ({ id, ...METHODS[id] }));
  return (
    <MethodTable methods={methods} hero={HERO} pendingIds={pending} pinned={pinned} order={METHOD_ORDER}>
      <Sources scalars={scalars} />
    </MethodTable>
  );
});

const PARAMS = Object.keys(schema);

const SweepPanel = later(below, (m) => m.SweepPanel);

interface SweepsProps {
  readonly sweeps: Run['sweeps'];
  readonly methods: readonly MethodResult[];
  readonly setParams: SetParams;
}

const Sweeps = memo(({ sweeps, methods, setParams }: SweepsProps) => {
  const list = useMemo<readonly Sweep[]>(() => Object.values(sweeps), [sweeps]);
  return <SweepPanel sweeps={list} methods={methods} hero={HERO} onPick={setParams} pickable={PARAMS} />;
});

const SmoothingLandscape = memo(({ landscape, setParams }: { readonly landscape: Landscape; readonly setParams: SetParams }) => {
  // The two powers act only while smoothing is by fixed powers.
  const pick = (patch: Readonly<Record<string, ParamValue>>): void => setParams({ ...patch, smoothing: 'fixed' });
  return <LandscapeChart landscape={landscape} onPick={pick} symbols={['α', 'β']} />;
});

const Traffic = later(below, (m) => m.TrafficPanel, null);
const Times = later(below, (m) => m.TimePanel, null);
const Fusion = lazy(() => import('./FusionPanel').then((m) => ({ default: memo(m.FusionPanel) })));
const Claims = memo(ClaimsPanel);
const Says = memo(PaperSays);

export interface PanelsProps extends Pick<LabProps, 'pinned' | 'theme' | 'selection' | 'setSelection' | 'setParams' | 'hidden' | 'seed'> {
  readonly run: Run;
  readonly scales: Scales;
}

export const Panels = memo(({ run, scales, pinned, theme, selection, setSelection, setParams, hidden, seed }: PanelsProps) => {
  const { stages, vectors, spectra, methods, scalars, kernels, ceilings, device, claims } = run;
  // The ringed point is the method's own; the other baselines, which come one by one, redraw no chart.
  const main = methods.find((m) => m.id === HERO);
  const heroOnly = useMemo(() => (main ? [main] : []), [main]);
  const shown = (id: string): boolean => !hidden.includes(id);
  const landscape = run.landscapes['smoothing'];
  return (
    <>
      <div className="lab-two" data-pinned={pinned !== undefined}>
        {shown('inspector') && <InspectorOf {...{ stages, vectors, spectra, scales, theme, selection, setSelection }} />}
        {shown('methods') && <Methods methods={methods} scalars={scalars} pinned={pinned?.methods} />}
      </div>
      <div className="lab-half">
        <div className="lab-column">
          {shown('sweeps') && <div className="lab-slot"><Sweeps sweeps={run.sweeps} methods={heroOnly} setParams={setParams} /></div>}
          {shown('landscape') && <div className="lab-slot">{landscape && <SmoothingLandscape landscape={landscape} setParams={setParams} />}</div>}
        </div>
        <div className="lab-column">
          {shown('traffic') && <Traffic traffic={run.traffic} stack={false} />}
          {shown('time') && <Times kernels={kernels} ceilings={ceilings} device={device} />}
          {shown('time') && scalars.fusionBytesBase !== undefined && <Suspense><Fusion scalars={scalars} device={device} /></Suspense>}
        </div>
      </div>
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
