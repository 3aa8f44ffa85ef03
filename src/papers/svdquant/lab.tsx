/** The lab's page: strip, inspector and the panels, all drawn from one Run. Nothing here computes the method. */

import { memo } from 'react';

import type { LabProps } from '../../ui/lab-props';
import { LabShell } from '../../ui/strip/LabShell';
import { scalesOf } from './display';
import { lesson } from './lesson';
import { sourceOf } from './measured';
import { FIRST_STAGE, InspectorOf, Methods, Panels } from './panels';
import { Strip } from './strip';

const Pipeline = memo(Strip);

export default function Lab(page: LabProps) {
  const { pinned, theme, present, setSelection, setParams, hidden, seed } = page;
  return (
    <LabShell
      {...{ page, lesson, scalesOf, sourceOf }} firstStage={FIRST_STAGE} embedControl="rank"
      renderStrip={({ run, scales, stressed, selection }) => <Pipeline {...{ run, pinned, scales, theme, present, stressed, selection, setSelection }} />}
      renderTaught={({ run: { stages, vectors, spectra, methods, scalars }, scales, selection }) => (
        <div className="lab-two">
          <InspectorOf {...{ stages, vectors, spectra, scales, theme, selection, setSelection }} />
          <Methods methods={methods} scalars={scalars} pinned={pinned?.methods} />
        </div>
      )}
      renderPanels={({ run, scales, selection }) => <Panels {...{ run, scales, pinned, theme, selection, setSelection, setParams, hidden, seed }} />}
    />
  );
}
