/** The lab's page: strip, inspector and the panels, all drawn from one Run. Nothing here computes the method. */

import { memo } from 'react';

import type { LabProps } from '../../ui/lab-props';
import { LabShell } from '../../ui/strip/LabShell';
import { scalesOf } from './display';
import { lesson } from './lesson';
import { sourceOf } from './measured';
import { FIRST_STAGE, InspectorOf, Methods, Panels, RowView, SplitPlane } from './panels';
import { Strip } from './strip';
import './lab.css';

/** Stage in the inspector when the link names none; its step of the lesson has the control that a phone keeps in reach. */
export const defaultStage = FIRST_STAGE;

const Pipeline = memo(Strip);
const columnOf = (step: number): number => lesson[step].column;

export default function Lab(page: LabProps) {
  const { pinned, theme, present, setSelection, setParams, hidden, seed } = page;
  return (
    <LabShell
      {...{ page, lesson, scalesOf, columnOf, sourceOf }} firstStage={FIRST_STAGE} embedControl="bits"
      renderStrip={({ run, scales, stressed, selection }) => <Pipeline {...{ run, pinned, scales, theme, present, stressed, selection, setSelection }} />}
      renderTaught={({ run: { stages, vectors, methods, scalars }, scales, step, selection }) => (
        <>
          <div className="lab-two">
            <InspectorOf {...{ stages, vectors, scales, theme, selection, setSelection }} />
            {columnOf(step) < 3 ? <SplitPlane stages={stages} scalars={scalars} /> : <Methods methods={methods} scalars={scalars} pinned={pinned?.methods} />}
          </div>
          {columnOf(step) > 2 && columnOf(step) < 6 && <div className="lab-section"><RowView {...{ stages, vectors, selection, setSelection }} /></div>}
        </>
      )}
      renderPanels={({ run, scales, selection }) => <Panels {...{ run, scales, pinned, theme, selection, setSelection, setParams, hidden, seed }} />}
    />
  );
}
