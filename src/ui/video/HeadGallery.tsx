/** The heads of a layer: map, errors of the masks, verdict. One of them is chosen. */

import { memo, useRef, type KeyboardEvent } from 'react';

import type { Measure, MethodSlot } from '../../run/run';
import type { MapTheme } from '../color/maps';
import type { ColorScale } from '../color/scale';
import { MEASURES } from '../charts/measures';
import { planAxis } from '../heatmap/axes';
import { Heatmap } from '../heatmap/Heatmap';
import { Marker, slotColor } from '../markers/Marker';
import './video.css';

export interface HeadCard {
  readonly id: number;
  readonly label: string;
  readonly map: { readonly data: Float32Array; readonly rows: number; readonly cols: number };
  readonly scale: ColorScale;
  readonly bars: readonly { readonly label: string; readonly value: number | undefined; readonly slot: MethodSlot }[];
  /** 'spatial', 'temporal'; absent while it is computed. */
  readonly verdict?: string;
  /** Verdict of all rows, where it is known. */
  readonly oracle?: string;
  readonly note?: string;
}

export interface HeadGalleryProps {
  readonly heads: readonly HeadCard[];
  readonly current: number;
  readonly onPick: (id: number) => void;
  readonly theme: MapTheme;
  /** The longest bar stands for this; default: the largest value shown. */
  readonly barScale?: number;
  readonly measure?: Measure;
  readonly label?: string;
}

/** Strip units each way that a head's map may take. */
const ROOM = 96;

interface CardProps {
  readonly head: HeadCard;
  readonly checked: boolean;
  readonly theme: MapTheme;
  readonly longest: number;
  readonly text: (value: number) => string;
  readonly onPick: (id: number) => void;
}

const Card = memo(({ head, checked, theme, longest, text, onPick }: CardProps) => {
  const { id, label, map, scale, bars, verdict, oracle, note } = head;
  const wrong = verdict !== undefined && oracle !== undefined && verdict !== oracle;
  const agreement = oracle === undefined ? '' : wrong ? `all rows say ${oracle}` : 'all rows agree';
  return (
    <button
      type="button" role="radio" aria-checked={checked} tabIndex={checked ? 0 : -1} className="head" data-head={id} onClick={() => onPick(id)}
      aria-label={[label, verdict, agreement, ...bars.map((b) => `${b.label} ${b.value === undefined ? 'not computed yet' : text(b.value)}`), note].filter(Boolean).join(', ')}
    >
      <span className="head-map"><Heatmap data={map.data} rows={planAxis(map.rows, ROOM)} cols={planAxis(map.cols, ROOM)} scale={scale} theme={theme} /></span>
      <span className="head-text">
        <b>{label}</b>
        <span>{verdict ?? '…'}</span>
        {agreement && <span className="head-oracle" data-wrong={wrong}>{wrong ? '✕ ' : ''}{agreement}</span>}
        {note && <span className="head-oracle">{note}</span>}
      </span>
      <span className="head-bars" aria-hidden="true">
        {bars.map(({ label: name, value, slot }) => (
          <span key={name}>
            <Marker slot={slot} size={9} /><span>{name}</span>
            <span className="head-bar"><i style={{ width: `${value !== undefined && longest > 0 ? (100 * Math.min(value, longest)) / longest : 0}%`, background: slotColor(slot) }} /></span>
            <span>{value === undefined ? '…' : text(value)}</span>
          </span>
        ))}
      </span>
    </button>
  );
});

const WAYS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

export function HeadGallery({ heads, current, onPick, theme, barScale, measure = 'relativeError', label = 'Heads' }: HeadGalleryProps) {
  const box = useRef<HTMLDivElement>(null);
  const longest = barScale ?? Math.max(0, ...heads.flatMap((h) => h.bars.flatMap((b) => (b.value !== undefined && Number.isFinite(b.value) ? [b.value] : []))));
  const onKeyDown = (event: KeyboardEvent): void => {
    const from = heads.findIndex((h) => h.id === current);
    const to = event.key === 'Home' ? 0 : event.key === 'End' ? heads.length - 1 : from + (WAYS[event.key] ?? 0);
    if (to === from || !heads[to]) return;
    event.preventDefault();
    event.stopPropagation(); // arrows also step the lesson
    onPick(heads[to].id);
    box.current?.querySelector<HTMLElement>(`[data-head="${heads[to].id}"]`)?.focus();
  };
  return (
    // Arrow keys reach the radio that has the focus and choose among its neighbours.
    // oxlint-disable-next-line jsx-a11y/interactive-supports-focus
    <div ref={box} role="radiogroup" aria-label={label} className="heads" onKeyDown={onKeyDown}>
      {heads.map((head) => <Card key={head.id} head={head} checked={head.id === current} theme={theme} longest={longest} text={MEASURES[measure].text} onPick={onPick} />)}
    </div>
  );
}
