/** One number of the schema: label, reset, value that can be typed, slider, range ends, help. */

import { useId, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { ParamValue } from '../../run/run';
import { clamp } from '../../run/schema';
import type { NumberField } from '../../run/schema';
import { MINUS } from '../format';
import { Label } from './Label';
import { Slider } from './Slider';
import type { ControlProps } from './types';

/** As the field prints it: fixed digits where it names them, or as many as its step has. */
export function valueText(field: NumberField, value: ParamValue): string {
  const digits = field.digits ?? (field.kind === 'int' ? 0 : Math.max(0, Math.min(6, Math.ceil(-Math.log10(field.step) - 1e-9))));
  return Number(value).toFixed(digits).replace('-', MINUS);
}

/** What was typed, put on the field's steps and into its range; undefined when it is no number. */
export function readTyped(field: NumberField, text: string): number | undefined {
  const plain = text.trim().replace(MINUS, '-').replace(',', '.');
  const value = plain === '' ? Number.NaN : Number(plain);
  return Number.isFinite(value) ? Number(clamp(field, value)) : undefined;
}

const endText = (value: number): string => String(value).replace('-', MINUS);
const rangeText = (field: NumberField): string => `from ${endText(field.min)} to ${endText(field.max)}`;

export function NumberControl({ name, field, value, fallback, disabled, setParams, resetParam }: ControlProps<NumberField>) {
  const id = useId();
  const [typed, type] = useState<string>();
  // Told about the value it left in place; gone as soon as that changes.
  const [refusal, refuse] = useState<{ readonly at: ParamValue; readonly sentence: string }>();
  const dropped = useRef(false);
  const text = valueText(field, value);
  const wrong = refusal?.at === value ? refusal.sentence : undefined;

  const commit = (): void => {
    const given = typed;
    type(undefined);
    if (dropped.current || given === undefined) return;
    const read = readTyped(field, given);
    if (read === undefined) refuse({ at: value, sentence: `“${given}” is not a number ${rangeText(field)}; ${text} is kept.` });
    else {
      refuse(undefined);
      if (read !== value) setParams({ [name]: read }, { dragging: false });
    }
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (event.key === 'Enter' || event.key === 'Escape') {
      dropped.current = event.key === 'Escape';
      event.currentTarget.blur();
      dropped.current = false;
    } else if (step) {
      event.preventDefault();
      type(undefined);
      setParams({ [name]: clamp(field, Number(value) + step * field.step) }, { dragging: false });
    } else return;
    event.stopPropagation();
  };

  const sliderMax = field.sliderMax ?? field.max;
  const help = disabled ?? wrong ?? field.help;
  return (
    <div className="control" data-control={name}>
      <div className="control-line">
        <Label htmlFor={id} field={field} />
        {value !== fallback && !disabled && (
          <button type="button" className="control-reset" aria-label={`Reset ${field.label} to ${valueText(field, fallback)}`} onClick={() => resetParam(name)}>reset</button>
        )}
        <input
          className="control-value" type="text" inputMode="decimal" autoComplete="off" spellCheck={false} disabled={Boolean(disabled)}
          aria-label={`${field.label}, value${field.unit ? ` in ${field.unit}` : ''}`} title={`${field.label} ${rangeText(field)}${field.unit ? ` ${field.unit}` : ''}`} aria-invalid={wrong !== undefined} aria-describedby={`${id}-help`}
          style={{ width: `${Math.max(2, (typed ?? text).length) + 0.6}ch` }} value={typed ?? text}
          onChange={(event) => type(event.target.value)} onFocus={(event) => event.target.select()} onBlur={commit} onKeyDown={onKeyDown}
        />
        {field.unit && <small className="control-unit">{field.unit}</small>}
      </div>
      <Slider
        id={id} name={name} field={field} value={Number(value)} disabled={Boolean(disabled)} describedBy={`${id}-help`} valueText={`${text}${field.unit ? ` ${field.unit}` : ''}`}
        onMove={(next, dragging) => setParams({ [name]: next }, { dragging })}
      />
      <div className="control-range" aria-hidden="true">
        <span>{endText(field.min)}</span>
        <span>{endText(sliderMax)}</span>
      </div>
      <p id={`${id}-help`} className={wrong ? 'control-help control-wrong' : 'control-help'} role={wrong ? 'alert' : undefined}>{help}</p>
    </div>
  );
}
