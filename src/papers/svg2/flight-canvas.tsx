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

/** The stylesheet's own colours, which a canvas must be told. */
const colour = (canvas: HTMLCanvasElement, name: string): string => getComputedStyle(canvas).getPropertyValue(name) || 'currentColor';

/** Squares this large are told apart by a gap. */
const GAPPED = 5;

export function FlightCanvas({ plan, order, labels, paint, at, theme, token, label, onPick }: FlightCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const positions = useMemo(() => new Float32Array(plan.from.length), [plan]);
  const { width, height, cell, frames } = plan;

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

    context.globalAlpha = 1 - at;
    if (at < 1) {
      context.strokeStyle = colour(element, '--line2');
      context.fillStyle = colour(element, '--ink3');
      context.font = getComputedStyle(element).font;
      context.textBaseline = 'top';
      for (const [f, box] of frames.entries()) {
        context.strokeRect(box.x - 0.5, box.y - 0.5, box.width + 1, box.height + 1);
        context.fillText(String(f), box.x, box.y + box.height + 3);
      }
    }
    context.globalAlpha = 1;

    const side = cell >= GAPPED ? cell - 1 : cell;
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
    if (token === undefined || token >= labels.length) return;
    const [x, y] = [positions[2 * token]!, positions[2 * token + 1]!];
    context.strokeStyle = colour(element, '--bg');
    context.lineWidth = 5;
    context.strokeRect(x - 1.5, y - 1.5, side + 3, side + 3);
    context.strokeStyle = colour(element, '--ink');
    context.lineWidth = 2;
    context.strokeRect(x - 1.5, y - 1.5, side + 3, side + 3);
    context.lineWidth = 1;
  }, [plan, positions, order, labels, paint, at, theme, token, width, height, cell, frames]);

  const pick = (event: PointerEvent<HTMLCanvasElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const found = tokenUnder(plan, positions, order, ((event.clientX - box.left) / box.width) * width, ((event.clientY - box.top) / box.height) * height);
    if (found !== undefined) onPick(found);
  };
  return <canvas ref={canvas} className="flight-canvas" role="img" aria-label={label} style={{ width, height }} onPointerDown={pick} />;
}
