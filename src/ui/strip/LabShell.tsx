/** The frame of every lab's page: linked crosshair, shared scales, lesson, and what is drawn at once or after it. */

import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';

import type { Run } from '../../run/run';
import { PinnedControl } from '../controls/ControlsPanel';
import { Crosshair, CrosshairContext } from '../heatmap/crosshair';
import type { LabProps, LessonStep, Selection } from '../lab-props';
import { Rich } from '../symbol/Symbol';
import { useAfterPaint, useBelowDue, useScales } from './hooks';
import { LessonBar } from './LessonBar';
import './lab.css';

/** What is drawn now: a run with the scales of its pictures. */
export interface Shown<S> {
  readonly run: Run;
  readonly scales: S;
  /** The lesson or the presentation leads; else the reader does. */
  readonly teaching: boolean;
  /** Step of the lesson, from 0, always one that exists. */
  readonly step: number;
  /** Column of the strip that the lesson stresses. */
  readonly stressed?: number;
  /** Its stage is one of the run. */
  readonly selection: Selection;
}

export interface LabShellProps<S> {
  readonly page: LabProps;
  readonly lesson: readonly LessonStep[];
  /** Must be the same function at every call. */
  readonly scalesOf: (stages: Run['stages'], vectors: Run['vectors']) => S;
  /** Column of the strip that a step of the lesson is about; default: one column each. */
  readonly columnOf?: (step: number) => number;
  /** Stage in use where the link's is not one of the run. */
  readonly firstStage: string;
  /** Parameter of the embedded lab's one control. */
  readonly embedControl: string;
  /** What the run is of, for readers of the page who do not see it. */
  readonly sourceOf: (run: Run) => string;
  /** These two answer a slider at once: give memoised components. */
  readonly renderAbove?: (shown: Shown<S>) => ReactNode;
  readonly renderStrip: (shown: Shown<S>) => ReactNode;
  /** These follow when the strip has been painted. */
  readonly renderTaught: (shown: Shown<S>) => ReactNode;
  readonly renderPanels: (shown: Shown<S>) => ReactNode;
}

function Body<S>({ page, lesson, columnOf, firstStage, embedControl, renderAbove, renderStrip, renderTaught, renderPanels, run, scales }: LabShellProps<S> & { readonly run: Run; readonly scales: S }) {
  const { view, present, embed, selection, setSelection } = page;
  const teaching = present || view === 'lesson';
  const step = Math.max(0, Math.min(lesson.length - 1, page.step));
  const { stage } = lesson[step];
  const follow = useRef({ selection, setSelection });
  useEffect(() => { follow.current = { selection, setSelection }; });
  useEffect(() => {
    // A step of the lesson brings its stage; the reader may then choose another.
    if (teaching) follow.current.setSelection({ stage, cell: follow.current.selection.cell });
  }, [teaching, stage]);
  const known = useMemo(() => (run.stages[selection.stage] ? selection : { ...selection, stage: firstStage }), [run.stages, selection, firstStage]);
  const now: Shown<S> = { run, scales, teaching, step, stressed: teaching ? (columnOf?.(step) ?? step + 1) : undefined, selection: known };
  // The strip and the headline answer a slider at once; the panels follow in the next frames.
  const late = { ...now, selection, ...useAfterPaint(useMemo(() => ({ run, scales }), [run, scales])) };
  const below = useBelowDue(page.stale);
  const bar = <LessonBar lesson={lesson} {...page} />;
  return (
    <>
      {teaching && !present && bar}
      {renderAbove?.(now)}
      {renderStrip(now)}
      {present && bar}
      {embed && <div className="lab-embed"><PinnedControl name={embedControl} {...page} /><a href={run.provenance.link} target="_top">Open the whole lab</a></div>}
      {below && teaching && !present && !embed && renderTaught(late)}
      {below && !teaching && !embed && renderPanels(late)}
    </>
  );
}

export function LabShell<S>(props: LabShellProps<S>) {
  const { run, stale, dragging = false, present, seed } = props.page;
  const [crosshair] = useState(() => new Crosshair());
  const scales = useScales(run, props.scalesOf, dragging);
  const ready = run && scales && Object.keys(run.stages).length > 0;
  return (
    <CrosshairContext value={crosshair}>
      <div className="lab" data-stale={stale} data-present={present}>
        {ready
          ? <Body {...props} run={run} scales={scales} />
          : <output className="lab-waiting">The first result is being computed. <Rich text={seed.sentence} /></output>}
        {ready && <p className="visually-hidden">{props.sourceOf(run)}</p>}
      </div>
    </CrosshairContext>
  );
}
