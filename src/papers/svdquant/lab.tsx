/** The lab's page: strip, inspector and the panels, all drawn from one Run. Nothing here computes the method. */

import { useEffect, useMemo, useRef, useState } from 'react';

import type { ParamValue, Run, StageTensor } from '../../run/run';
import { LandscapeChart } from '../../ui/charts/LandscapeChart';
import { SweepPanel } from '../../ui/charts/SweepPanel';
import { PinnedControl } from '../../ui/controls/ControlsPanel';
import { percent } from '../../ui/format';
import { Crosshair, CrosshairContext } from '../../ui/heatmap/crosshair';
import { Inspector } from '../../ui/inspector/Inspector';
import type { Cell, LabProps } from '../../ui/lab-props';
import { ClaimsPanel } from '../../ui/panels/ClaimsPanel';
import { MeasuredHere, PaperSays } from '../../ui/panels/Figures';
import { MethodTable } from '../../ui/panels/MethodTable';
import { TimePanel } from '../../ui/panels/TimePanel';
import { TrafficPanel } from '../../ui/panels/TrafficPanel';
import { Rich, Sym } from '../../ui/symbol/Symbol';
import { displayFactor, loudestChannel, medianLambda, scaleOf, scalesOf, VECTORS, type Scales } from './display';
import { HERO } from './headline';
import { LessonBar } from './lesson-bar';
import { lesson } from './lesson';
import { measuredHere, sourceOf } from './measured';
import { METHOD_ORDER, METHODS } from './names';
import { Strip } from './strip';
import './lab.css';

const AXIS_NAMES = { t: 'token', k: 'channel', n: 'output', r: 'rank' } as const;
const FIRST_STAGE = 'r';
/** W for context, Ŵ that is split, R that is left: in drawing order. */
const SPECTRA = [['w', 'context'], ['ws', 'split'], ['r', 'rest']] as const;

/** Shared scales of the run, kept as they are while the reader drags: colours must not move under a moving slider. */
function useScales(run: Run | undefined, dragging: boolean): Scales | undefined {
  const [held, hold] = useState<Scales>();
  const [stages, vectors] = [run?.stages, run?.vectors];
  const frozen = dragging && held !== undefined;
  const fresh = useMemo(() => (stages && vectors && !frozen ? scalesOf(stages, vectors) : undefined), [stages, vectors, frozen]);
  if (fresh && fresh !== held) hold(fresh);
  return fresh ?? held;
}

const sameAxes = (a: StageTensor, b: StageTensor): boolean => a.family === b.family && a.axes.join() === b.axes.join();

interface BodyProps extends LabProps {
  readonly run: Run;
  readonly scales: Scales;
}

function InspectorOf({ run, scales, theme, selection, setSelection }: BodyProps) {
  const { stages, vectors } = run;
  const stage = stages[selection.stage] ?? stages[FIRST_STAGE];
  const family = useMemo(() => (stage ? Object.values(stages).filter((s) => sameAxes(s, stage)) : []), [stages, stage]);
  const spectra = SPECTRA.flatMap(([id, role]) => (run.spectra[id] ? [{ spectrum: run.spectra[id], role }] : []));
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
}

/** Where the method's error comes from, in words under the table. */
function Sources({ run: { scalars } }: { readonly run: Run }) {
  const { errorFromX, errorFromR, errorFromXWithoutSplit: unsplit, refineIterations: rounds } = scalars;
  if (errorFromX === undefined || errorFromR === undefined || unsplit === undefined) return null;
  return (
    <>
      Of SVDQuant’s error, rounding <Sym text="^X" /> adds {percent(errorFromX)} and rounding <Sym text="R" /> adds {percent(errorFromR)}.
      The same <Sym text="^X" /> rounded against <Sym text="^W" /> would add {percent(unsplit)}.
      {rounds !== undefined && ` Refined: ${rounds} ${rounds === 1 ? 'alternation' : 'alternations'} of SVD and rounding.`}
    </>
  );
}

function Methods({ run, pinned }: BodyProps) {
  const have = new Set(run.methods.map((m) => m.id));
  const pending = METHOD_ORDER.filter((id) => !have.has(id)).map((id) => ({ id, ...METHODS[id] }));
  return (
    <MethodTable methods={run.methods} hero={HERO} pendingIds={pending} pinned={pinned?.methods} order={METHOD_ORDER}>
      <Sources run={run} />
    </MethodTable>
  );
}

function Panels(props: BodyProps) {
  const { run, setParams, hidden, seed, schema } = props;
  const shown = (id: string): boolean => !hidden.includes(id);
  const landscape = run.landscapes['smoothing'];
  // The two powers act only while smoothing is by fixed powers.
  const pickPowers = (patch: Readonly<Record<string, ParamValue>>): void => setParams({ ...patch, smoothing: 'fixed' });
  return (
    <>
      <div className="lab-two" data-pinned={props.pinned !== undefined}>
        {shown('inspector') && <InspectorOf {...props} />}
        {shown('methods') && <Methods {...props} />}
      </div>
      <div className="lab-half">
        {shown('sweeps') && <div className="lab-slot"><SweepPanel sweeps={Object.values(run.sweeps)} methods={run.methods} hero={HERO} onPick={setParams} pickable={Object.keys(schema)} /></div>}
        {shown('traffic') && <TrafficPanel traffic={run.traffic} stack={false} />}
        {shown('landscape') && <div className="lab-slot">{landscape && <LandscapeChart landscape={landscape} onPick={pickPowers} symbols={['α', 'β']} />}</div>}
        {shown('time') && <TimePanel kernels={run.kernels} ceilings={run.ceilings} device={run.device} />}
      </div>
      {shown('claims') && <div className="lab-section"><ClaimsPanel claims={run.claims} /></div>}
      {shown('figures') && (
        <div className="lab-half">
          <PaperSays figures={seed.figures} />
          <MeasuredHere items={measuredHere(run)} />
        </div>
      )}
    </>
  );
}

function Body(props: BodyProps) {
  const { run, pinned, scales, theme, view, present, embed, step, selection, setSelection } = props;
  const teaching = present || view === 'lesson';
  const shownStage = lesson[Math.max(0, Math.min(lesson.length - 1, step))]!.stage;
  const follow = useRef({ selection, setSelection });
  useEffect(() => { follow.current = { selection, setSelection }; });
  useEffect(() => {
    // A step of the lesson brings its stage; the reader may then choose another.
    if (teaching) follow.current.setSelection({ stage: shownStage, cell: follow.current.selection.cell });
  }, [teaching, shownStage]);
  const bar = <LessonBar {...props} />;
  return (
    <>
      {teaching && !present && bar}
      <Strip
        run={run} pinned={pinned} scales={scales} theme={theme} present={present} stressed={teaching ? step + 1 : undefined}
        selection={run.stages[selection.stage] ? selection : { ...selection, stage: FIRST_STAGE }} setSelection={setSelection}
      />
      {present && bar}
      {embed && <div className="lab-embed"><PinnedControl name="rank" {...props} /><a href={run.provenance.link} target="_top">Open the whole lab</a></div>}
      {teaching && !present && !embed && <div className="lab-two"><InspectorOf {...props} /><Methods {...props} /></div>}
      {!teaching && !embed && <Panels {...props} />}
    </>
  );
}

export default function Lab(props: LabProps) {
  const { run, stale, dragging = false, present } = props;
  const [crosshair] = useState(() => new Crosshair());
  const scales = useScales(run, dragging);
  const ready = run && scales && Object.keys(run.stages).length > 0;
  return (
    <CrosshairContext value={crosshair}>
      <div className="lab" data-stale={stale} data-present={present}>
        {ready
          ? <Body {...props} run={run} scales={scales} />
          : <output className="lab-waiting">The first result is being computed. <Rich text={props.seed.sentence} /></output>}
        {ready && <p className="visually-hidden">{sourceOf(run)}</p>}
      </div>
    </CrosshairContext>
  );
}
