/** The lab's page: strip, frames, flight and the panels, all drawn from one Run. Nothing here computes the method. */

import { memo } from 'react';

import type { LabProps } from '../../ui/lab-props';
import { LabShell, type Shown } from '../../ui/strip/LabShell';
import { scalesOf, type Scales } from './display';
import { lesson } from './lesson';
import { sourceOf } from './measured';
import { FIRST_STAGE, Flying, Frames, InspectorOf, Methods, Panels, Row } from './panels';
import { Strip } from './strip';
import './lab.css';

/** Stage in the inspector when the link names none; its step of the lesson has the control that a phone keeps in reach. */
export const defaultStage = FIRST_STAGE;

const Pipeline = memo(Strip);

const columnOf = (step: number): number => lesson[step]!.column;

/** Below the strip of a lesson: what its step is about. */
function Taught({ page, shown: { run, scales, step, selection } }: { readonly page: LabProps; readonly shown: Shown<Scales> }) {
  const { theme, setSelection, setParams, pinned } = page;
  const { stages, vectors, scalars, methods } = run;
  const video = { stages, vectors, scalars, scales, theme, setParams, token: Number(run.params['token'] ?? 0) };
  const column = columnOf(step);
  return (
    <>
      {column < 3 && <Frames {...video} heads={run.provenance.inputs['heads'] ?? ''} />}
      {column === 4 && <Flying {...video} />}
      {column > 2 && (
        <div className="lab-two lab-after">
          <InspectorOf {...{ stages, scalars, scales, theme, selection, setSelection }} token={video.token} />
          {column === 3 ? <Row vectors={vectors} scalars={scalars} /> : <Methods methods={methods} scalars={scalars} pinned={pinned?.methods} />}
        </div>
      )}
    </>
  );
}

export default function Lab(props: LabProps) {
  const { pinned, theme, present, setSelection, setParams, hidden, seed } = props;
  return (
    <LabShell
      page={props} lesson={lesson} scalesOf={scalesOf} columnOf={columnOf} firstStage={FIRST_STAGE} embedControl="topP" sourceOf={sourceOf}
      renderStrip={({ run, scales, stressed, selection }) => <Pipeline {...{ run, pinned, scales, theme, present, stressed, selection, setSelection, setParams }} />}
      renderTaught={(shown) => <Taught page={props} shown={shown} />}
      renderPanels={({ run, scales, selection }) => <Panels {...{ run, scales, pinned, theme, selection, setSelection, setParams, hidden, seed }} />}
    />
  );
}
