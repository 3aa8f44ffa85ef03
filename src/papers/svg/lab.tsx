/** The lab's page: the video, the strip, inspector and panels, all drawn from one Run. Nothing here computes the method. */

import { memo, useCallback, useSyncExternalStore } from 'react';

import type { LabProps } from '../../ui/lab-props';
import { LabShell } from '../../ui/strip/LabShell';
import { scalesOf } from './display';
import { lesson } from './lesson';
import { Looks } from './looks';
import { sourceOf } from './measured';
import { FIRST_STAGE, Gallery, InspectorOf, Methods, Orders, Panels } from './panels';
import { Strip } from './strip';
import './lab.css';

/** Stage in the inspector when the link names none; its step of the lesson has the control that a phone keeps in reach. */
export const defaultStage = FIRST_STAGE;

/** As in the strip's stylesheet: two pixels a cell. */
const WALL = '(min-width: 1792px)';

/** Whether a media query holds now. */
function useMedia(query: string): boolean {
  const watch = useCallback((changed: () => void) => {
    const list = matchMedia(query);
    list.addEventListener('change', changed);
    return () => list.removeEventListener('change', changed);
  }, [query]);
  return useSyncExternalStore(watch, () => matchMedia(query).matches);
}

const Pipeline = memo(Strip);
const columnOf = (step: number): number => lesson[step].column;

export default function Lab(page: LabProps) {
  const { pinned, theme, present, setSelection, setParams, hidden, seed } = page;
  const phone = useMedia('(max-width: 640px)');
  const wall = useMedia(WALL) && present;
  // On a phone the video is part of the first step; on a wall the strip needs the height, and the video stands below it.
  const frames = phone ? 'step' : wall ? 'below' : 'above';
  return (
    <LabShell
      {...{ page, lesson, scalesOf, columnOf, sourceOf }} firstStage={FIRST_STAGE} embedControl="kept"
      renderAbove={({ run, scales }) => (frames === 'above' && <Looks {...{ run, scales, theme, setParams, present }} />)}
      renderStrip={({ run, scales, stressed, selection }) => <Pipeline {...{ run, pinned, scales, theme, present, stressed, selection, setSelection, setParams, frames }} />}
      renderTaught={({ run, scales, step, selection }) => (
        <>
          <div className="lab-two">
            <InspectorOf {...{ run, scales, theme, selection, setSelection }} />
            <Methods methods={run.methods} scalars={run.scalars} pinned={pinned?.methods} />
          </div>
          {columnOf(step) < 4 && <div className="lab-section"><Gallery run={run} scales={scales} theme={theme} setParams={setParams} /></div>}
          {columnOf(step) > 3 && <div className="lab-section"><Orders run={run} scales={scales} theme={theme} /></div>}
        </>
      )}
      renderPanels={({ run, scales, selection }) => <Panels {...{ run, scales, pinned, theme, selection, setSelection, setParams, hidden, seed }} />}
    />
  );
}
