/** The browser's own range input, styled: it is dragged, stepped by arrow keys and read aloud as one. */

import { useEffect, useRef } from 'react';
import type { CSSProperties } from 'react';
import { clamp } from '../../run/schema';
import type { NumberField } from '../../run/schema';
import './controls.css';

export interface SliderProps {
  readonly id?: string;
  /** The parameter, as links and scripts call it. */
  readonly name: string;
  readonly label?: string;
  readonly field: NumberField;
  readonly value: number;
  readonly disabled?: boolean;
  readonly describedBy?: string;
  readonly valueText: string;
  /** `dragging` is true while the thumb moves and false on release. */
  readonly onMove: (value: number, dragging: boolean) => void;
}

export function Slider({ id, name, label, field, value, disabled, describedBy, valueText, onMove }: SliderProps) {
  const input = useRef<HTMLInputElement>(null);
  const moved = useRef(onMove);
  useEffect(() => { moved.current = onMove; });
  // React's onChange is the input event; the end of a drag is the native change event.
  useEffect(() => {
    const element = input.current!;
    const released = (): void => moved.current(Number(clamp(field, element.valueAsNumber)), false);
    element.addEventListener('change', released);
    return () => element.removeEventListener('change', released);
  }, [field]);

  const max = field.sliderMax ?? field.max;
  const share = Math.min(1, Math.max(0, (value - field.min) / (max - field.min || 1)));
  return (
    <input
      ref={input} id={id} name={name} className="slider" type="range" min={field.min} max={max} step={field.step} value={value} disabled={disabled}
      aria-label={label} aria-describedby={describedBy} aria-valuetext={valueText} style={{ '--share': `${100 * share}%` } as CSSProperties}
      onChange={(event) => onMove(Number(clamp(field, event.target.valueAsNumber)), true)}
    />
  );
}
