/** Long work: its name, how far, how long still. Cancelling keeps what is done and offers to go on. */

import { useEffect, useRef, useState } from 'react';
import { count } from '../format';
import './feedback.css';

export interface ProgressBarProps {
  readonly name: string;
  readonly done: number;
  readonly total: number;
  /** What is counted, in the singular. */
  readonly unit?: string;
  readonly note?: string;
  readonly cancelled?: boolean;
  readonly onCancel?: () => void;
  readonly onContinue?: () => void;
}

/** Seconds left at the pace so far; unknown until two pieces are done. */
export function timeLeft(done: number, total: number, elapsed: number, startedAt = 0): number | undefined {
  const finished = done - startedAt;
  return finished < 2 || elapsed <= 0 ? undefined : ((total - done) * elapsed) / finished;
}

export const roughly = (seconds: number): string =>
  seconds < 1 ? 'under 1 s left' : seconds < 90 ? `about ${Math.round(seconds)} s left` : `about ${Math.round(seconds / 60)} min left`;

/** The pace is measured from the first count seen, and anew whenever the count falls or the work is resumed. */
function useTimeLeft(done: number, total: number, cancelled: boolean): number | undefined {
  const start = useRef({ done, time: 0 });
  const [left, setLeft] = useState<number>();
  useEffect(() => {
    const now = performance.now();
    if (start.current.time === 0 || done < start.current.done || cancelled) start.current = { done, time: now };
    setLeft(timeLeft(done, total, (now - start.current.time) / 1000, start.current.done));
  }, [done, total, cancelled]);
  return left;
}

export function ProgressBar({ name, done, total, unit = 'point', note, cancelled = false, onCancel, onContinue }: ProgressBarProps) {
  const left = useTimeLeft(done, total, cancelled);
  const finished = done >= total;
  const state = cancelled ? `cancelled, ${count(done, unit)} kept` : `${done} of ${count(total, unit)}${finished || left === undefined ? '' : `, ${roughly(left)}`}`;
  return (
    <div className={cancelled ? 'progress progress-cancelled' : 'progress'}>
      <div className="progress-head"><b>{name}</b><span>{state}</span></div>
      <progress className="progress-track" aria-label={name} max={Math.max(1, total)} value={done} aria-valuetext={state} />
      {(note || (!finished && (cancelled ? onContinue : onCancel))) && (
        <div className="progress-foot">
          {note && !cancelled && <span>{note}</span>}
          {!finished && !cancelled && onCancel && <button type="button" className="button button-outline" onClick={onCancel}>{done ? `Cancel, keep ${done}` : 'Cancel'}</button>}
          {!finished && cancelled && onContinue && <button type="button" className="button button-outline" onClick={onContinue}>Continue</button>}
        </div>
      )}
    </div>
  );
}
