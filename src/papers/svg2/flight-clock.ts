/** The time of the flight, 0 to 1: played, scrubbed, or, where motion is not wanted, set to its end. */

import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';

const SECONDS = 2.6;
/** So much of the picture must be seen before it plays by itself. */
const SEEN = 0.7;

const still = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

export interface FlightClock {
  /** 0 by place … 1 by cluster. */
  readonly at: number;
  readonly playing: boolean;
  /** From where it stands to the end; from the end, from the start again. */
  readonly play: () => void;
  readonly pause: () => void;
  readonly scrub: (at: number) => void;
}

/** @param seen plays by itself once, when this is first looked at and motion is wanted */
export function useFlightClock(seen: RefObject<HTMLElement | null>): FlightClock {
  const [at, setAt] = useState(0);
  const [playing, setPlaying] = useState(false);
  const frame = useRef(0);
  const now = useRef(at);
  const touched = useRef(false);
  const show = useCallback((to: number) => { now.current = to; setAt(to); }, []);
  const pause = useCallback(() => {
    cancelAnimationFrame(frame.current);
    setPlaying(false);
  }, []);
  const play = useCallback(() => {
    touched.current = true;
    cancelAnimationFrame(frame.current);
    if (still()) {
      show(now.current < 1 ? 1 : 0);
      return;
    }
    const from = now.current < 1 ? now.current : 0;
    let began: number | undefined;
    const tick = (time: number): void => {
      began ??= time;
      const to = Math.min(1, from + (time - began) / 1000 / SECONDS);
      show(to);
      if (to < 1) frame.current = requestAnimationFrame(tick);
      else setPlaying(false);
    };
    setPlaying(true);
    frame.current = requestAnimationFrame(tick);
  }, [show]);
  const scrub = useCallback((to: number) => {
    touched.current = true;
    pause();
    show(to);
  }, [pause, show]);

  useEffect(() => {
    const element = seen.current;
    if (!element) return undefined;
    const watch = new IntersectionObserver(([entry]) => {
      if (!entry?.isIntersecting) return;
      watch.disconnect();
      if (!touched.current && !still()) play();
    }, { threshold: SEEN });
    watch.observe(element);
    return () => watch.disconnect();
  }, [seen, play]);
  useEffect(() => () => cancelAnimationFrame(frame.current), []);
  return { at, playing, play, pause, scrub };
}
