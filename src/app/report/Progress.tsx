import { roughly } from '../../ui/feedback/ProgressBar';
import { count } from '../../ui/format';
import { measurable, useReport, weightsOf } from './store';

/** Not told before so much work is done, seconds: the first tensors compile what they need. */
const KNOWN_AFTER = 1.5;

/** '3 min' for the button that starts. */
export const duration = (seconds: number): string =>
  seconds < 1 ? 'a second' : seconds < 90 ? `${Math.round(seconds)} s` : seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;

/** How far the measurement is; pause, resume, cancel, go on. */
export function Progress() {
  const { phase, model, reports, skipped, progress, estimate, measuredWith, measure, goOn, pause, cancel } = useReport();
  if (!model || phase === 'done' || phase === 'opening' || phase === 'empty') return null;
  const matrices = measurable(model);
  if (phase === 'ready') {
    return (
      <div className="progress report-progress">
        <div className="progress-foot">
          <span>{estimate === undefined ? 'Timing a small piece of it …' : `About ${duration(estimate)} for ${count(matrices.length, 'matrix', 'matrices')} here, by a timed piece of it. What is measured shows at once, and the work can pause.`}</span>
          <button type="button" className="button button-primary" onClick={() => void measure()}>Measure</button>
        </div>
      </div>
    );
  }
  const rows = measuredWith?.maxRows ?? 0;
  const done = matrices.filter(({ name }) => reports.has(name) || skipped.has(name));
  const total = matrices.reduce((sum, tensor) => sum + weightsOf(tensor, rows), 0);
  const before = progress ? Math.max(0, total - progress.total) : done.reduce((sum, tensor) => sum + weightsOf(tensor, rows), 0);
  const share = total > 0 ? Math.min(1, (before + (progress?.done ?? 0)) / total) : 0;
  const left = progress && progress.done > 0 && progress.worked > KNOWN_AFTER ? ((progress.total - progress.done) * progress.worked) / progress.done : undefined;
  const stopped = phase === 'cancelled' || phase === 'failed';
  const state = stopped
    ? `${phase === 'failed' ? 'stopped' : 'cancelled'}, ${done.length} of ${count(matrices.length, 'matrix', 'matrices')} kept`
    : `${done.length} of ${count(matrices.length, 'matrix', 'matrices')}${phase === 'paused' ? ', paused' : left === undefined ? '' : `, ${roughly(left)}`}`;
  return (
    <div className={stopped ? 'progress progress-cancelled report-progress' : 'progress report-progress'}>
      <div className="progress-head"><b>Measuring</b><span>{state}</span></div>
      <progress className="progress-track" aria-label="Measuring" max={1} value={share} aria-valuetext={state} />
      <div className="progress-foot">
        <span className="report-now" title={progress?.tensor}>{stopped ? 'What was measured stays.' : progress?.tensor ?? 'Preparing'}</span>
        <span className="report-actions">
          {phase === 'measuring' && <button type="button" className="button button-outline" onClick={() => pause(true)}>Pause</button>}
          {phase === 'paused' && <button type="button" className="button button-outline" onClick={() => pause(false)}>Resume</button>}
          {stopped
            ? <button type="button" className="button button-outline" onClick={() => void goOn()}>Continue</button>
            : <button type="button" className="button" onClick={cancel}>{done.length > 0 ? `Cancel, keep ${done.length}` : 'Cancel'}</button>}
        </span>
      </div>
    </div>
  );
}
