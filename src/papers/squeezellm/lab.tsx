/** The lab's page: strip, inspector and the panels, all drawn from one Run. Nothing here computes the method. */

import { memo, useEffect, useMemo, useRef, useState } from 'react';

import type { Run } from '../../run/run';
import { PinnedControl } from '../../ui/controls/ControlsPanel';
import { Crosshair, CrosshairContext } from '../../ui/heatmap/crosshair';
import type { LabProps } from '../../ui/lab-props';
import { useAfterPaint, useScales } from '../../ui/strip/hooks';
import { LessonBar } from '../../ui/strip/LessonBar';
import { Rich } from '../../ui/symbol/Symbol';
import { scalesOf, type Scales } from './display';
import { lesson } from './lesson';
import { sourceOf } from './measured';
import { FIRST_STAGE, InspectorOf, Methods, Panels, RowView, SplitPlane } from './panels';
import { Strip } from './strip';
import '../../ui/strip/lab.css';
import './lab.css';

/** Stage in the inspector when the link names none; its step of the lesson has the control that a phone keeps in reach. */
export const defaultStage = FIRST_STAGE;

const Pipeline = memo(Strip);

interface BodyProps extends LabProps {
  readonly run: Run;
  readonly scales: Scales;
}

function Body(props: BodyProps) {
  const { run, pinned, scales, theme, view, present, embed, step, selection, setSelection, setParams, hidden, seed } = props;
  const teaching = present || view === 'lesson';
  const at = lesson[Math.max(0, Math.min(lesson.length - 1, step))]!;
  const follow = useRef({ selection, setSelection });
  useEffect(() => { follow.current = { selection, setSelection }; });
  useEffect(() => {
    // A step of the lesson brings its stage; the reader may then choose another.
    if (teaching) follow.current.setSelection({ stage: at.stage, cell: follow.current.selection.cell });
  }, [teaching, at.stage]);
  const bar = <LessonBar lesson={lesson} {...props} />;
  const inStrip = useMemo(() => (run.stages[selection.stage] ? selection : { ...selection, stage: FIRST_STAGE }), [run.stages, selection]);
  // The strip and the headline answer a slider at once; the panels follow in the next frames.
  const late = useAfterPaint(useMemo(() => ({ run, scales }), [run, scales]));
  const { stages, vectors, methods, scalars } = late.run;
  return (
    <>
      {teaching && !present && bar}
      <Pipeline
        run={run} pinned={pinned} scales={scales} theme={theme} present={present} stressed={teaching ? at.column : undefined}
        selection={inStrip} setSelection={setSelection}
      />
      {present && bar}
      {embed && <div className="lab-embed"><PinnedControl name="bits" {...props} /><a href={run.provenance.link} target="_top">Open the whole lab</a></div>}
      {teaching && !present && !embed && (
        <>
          <div className="lab-two">
            <InspectorOf {...{ stages, vectors, theme, selection, setSelection }} scales={late.scales} />
            {at.column < 3 ? <SplitPlane stages={stages} scalars={scalars} /> : <Methods methods={methods} scalars={scalars} pinned={pinned?.methods} />}
          </div>
          {at.column > 2 && at.column < 6 && <div className="lab-section"><RowView {...{ stages, vectors, selection, setSelection }} /></div>}
        </>
      )}
      {!teaching && !embed && <Panels run={late.run} scales={late.scales} {...{ pinned, theme, selection, setSelection, setParams, hidden, seed }} />}
    </>
  );
}

export default function Lab(props: LabProps) {
  const { run, stale, dragging = false, present } = props;
  const [crosshair] = useState(() => new Crosshair());
  const scales = useScales(run, scalesOf, dragging);
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
