/** Every token on its way from its place in the video to its place in cluster order; drawn for one moment. */

import { useLayoutEffect, useMemo, useRef, type PointerEvent } from 'react';

import type { MapTheme } from '../../ui/color/maps';
import { clusterColor } from '../../ui/video/palette';
import { positionsAt, tokenUnder, type FlightPlan } from './flight-paths';

interface FlightCanvasProps {
  readonly plan: FlightPlan;
  /** [N]: the token at each place of the order by cluster. */
  readonly order: ArrayLike<number>;
  /** [N]: the cluster of each token. */
  readonly labels: ArrayLike<number>;
  /** [C]: what each cluster is coloured by; default: its number. */
  readonly paint?: ArrayLike<number>;
  /** 0 by place … 1 by cluster. */
  readonly at: number;
  readonly theme: MapTheme;
  readonly token?: number;
  readonly label: string;
  readonly onPick: (token: number) => void;
}

/** Squares this large are told apart by a gap. */
const GAPPED = 5;

export function FlightCanvas({ plan, order, labels, paint, at, theme, token, label, onPick }: FlightCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const ring = useRef<HTMLElement>(null);
  const positions = useMemo(() => new Float32Array(plan.from.length), [plan]);
  const { width, height, cell, frames } = plan;
  const side = cell >= GAPPED ? cell - 1 : cell;

  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return;
    const ratio = Math.max(1, Math.round(window.devicePixelRatio));
    if (element.width !== width * ratio) element.width = width * ratio;
    if (element.height !== height * ratio) element.height = height * ratio;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    positionsAt(plan, at, positions);
    let last = -1;
    for (let n = 0; n < order.length; n += 1) {
      const i = order[n]!;
      const cluster = labels[i]!;
      if (cluster !== last) {
        context.fillStyle = clusterColor(paint?.[cluster] ?? cluster, theme);
        last = cluster;
      }
      context.fillRect(positions[2 * i]!, positions[2 * i + 1]!, side, side);
    }
    if (ring.current && token !== undefined) ring.current.style.transform = `translate(${positions[2 * token]}px, ${positions[2 * token + 1]}px)`;
  }, [plan, positions, order, labels, paint, at, theme, token, width, height, side]);

  const pick = (event: PointerEvent<HTMLCanvasElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const found = tokenUnder(plan, positions, order, ((event.clientX - box.left) / box.width) * width, ((event.clientY - box.top) / box.height) * height);
    if (found !== undefined) onPick(found);
  };
  return (
    <div className="flight-field" style={{ width, height }}>
      <div className="flight-frames" style={{ opacity: 1 - at }} aria-hidden="true">
        {frames.map((box, f) => (
          <span key={`${f} of ${frames.length}`} style={{ left: box.x, top: box.y, width: box.width, height: box.height }}><small>{f}</small></span>
        ))}
      </div>
      <canvas ref={canvas} role="img" aria-label={label} style={{ width, height }} onPointerDown={pick} />
      {token !== undefined && token < labels.length && <i ref={ring} className="frame-ring" style={{ width: side, height: side }} />}
    </div>
  );
}
