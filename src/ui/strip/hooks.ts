import { startTransition, useEffect, useMemo, useRef, useState } from 'react';

import type { Run } from '../../run/run';

/** Shared scales of a run, kept as they are while `frozen`: colours must not move under a moving slider. */
export function useScales<T>(run: Run | undefined, make: (stages: Run['stages'], vectors: Run['vectors']) => T, frozen: boolean): T | undefined {
  const [held, hold] = useState<T>();
  const [stages, vectors] = [run?.stages, run?.vectors];
  const keep = frozen && held !== undefined;
  const fresh = useMemo(() => (stages && vectors && !keep ? make(stages, vectors) : undefined), [stages, vectors, make, keep]);
  if (fresh && fresh !== held) hold(fresh);
  return fresh ?? held;
}

/** The same value once the frame that shows it elsewhere is on the screen; of several in between, the newest. */
export function useAfterPaint<T>(value: T): T {
  const [late, setLate] = useState(value);
  const newest = useRef(value);
  const frame = useRef(0);
  useEffect(() => {
    newest.current = value;
    if (frame.current) return;
    frame.current = requestAnimationFrame(() => {
      frame.current = requestAnimationFrame(() => {
        frame.current = 0;
        startTransition(() => setLate(newest.current));
      });
    });
  }, [value]);
  useEffect(() => () => {
    cancelAnimationFrame(frame.current);
    frame.current = 0;
  }, []);
  return late;
}

/** Milliseconds that what is below the first view waits for a newer result: longer would show. */
const PATIENCE = 600;

/** Whether what is below the first view may be drawn: when that view is on the screen and no newer result is `awaited`, or has been for long. */
export function useBelowDue(awaited: boolean): boolean {
  const [due, setDue] = useState(false);
  useEffect(() => {
    if (due) return;
    let frame = 0;
    const open = (): void => startTransition(() => setDue(true));
    const timer = setTimeout(() => { frame = requestAnimationFrame(() => { frame = requestAnimationFrame(open); }); }, awaited ? PATIENCE : 0);
    return () => { clearTimeout(timer); cancelAnimationFrame(frame); };
  }, [due, awaited]);
  return due;
}
