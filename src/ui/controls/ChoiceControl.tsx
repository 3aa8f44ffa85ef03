/** One of several: segments for up to four, a list beyond. Native radio buttons and select, so the keyboard works as usual. */

import { useId } from 'react';
import type { ChoiceField, FlagField } from '../../run/schema';
import { Label } from './Label';
import type { ControlProps } from './types';

const SEGMENTS = 4;
/** Characters that fit a segment in the narrowest side column, by how many stand in a row. */
const ROOM: Readonly<Record<number, number>> = { 1: 31, 2: 15, 3: 9, 4: 6 };

/** All in one row where the longest label fits; four as two by two; else one below another. */
export function segmentColumns(labels: readonly string[]): number {
  const longest = Math.max(...labels.map((label) => label.length));
  if (longest <= ROOM[labels.length]) return labels.length;
  return labels.length === 4 && longest <= ROOM[2] ? 2 : 1;
}

function Reset({ name, label, resetParam }: { readonly name: string; readonly label: string; readonly resetParam: (name: string) => void }) {
  return <button type="button" className="control-reset" aria-label={`Reset ${label}`} onClick={() => resetParam(name)}>reset</button>;
}

export function ChoiceControl({ name, field, value, fallback, disabled, setParams, resetParam }: ControlProps<ChoiceField>) {
  const id = useId();
  const choose = (next: string): void => setParams({ [name]: next }, { dragging: false });
  const reset = value !== fallback && !disabled && <Reset name={name} label={field.label} resetParam={resetParam} />;
  const help = disabled ?? field.help;

  if (field.options.length > SEGMENTS) {
    return (
      <div className="control" data-control={name}>
        <div className="control-line"><Label htmlFor={id} field={field} />{reset}</div>
        <select id={id} className="control-select" value={String(value)} disabled={Boolean(disabled)} aria-describedby={`${id}-help`} onChange={(event) => choose(event.target.value)}>
          {field.options.map((o) => <option key={o.value} value={o.value}>{o.label}</option>)}
        </select>
        {help && <p id={`${id}-help`} className="control-help">{help}</p>}
      </div>
    );
  }
  const columns = segmentColumns(field.options.map((o) => o.label));
  return (
    <div className="control" data-control={name} role="radiogroup" aria-labelledby={id} aria-describedby={help ? `${id}-help` : undefined}>
      <div className="control-line"><span id={id} className="control-label"><Label field={field} /></span>{reset}</div>
      <div className="segments" style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}>
        {field.options.map((o) => (
          <label key={o.value}>
            <input type="radio" name={id} value={o.value} checked={value === o.value} disabled={Boolean(disabled)} onChange={() => choose(o.value)} />
            <span>{o.label}</span>
          </label>
        ))}
      </div>
      {help && <p id={`${id}-help`} className="control-help">{help}</p>}
    </div>
  );
}

export function FlagControl({ name, field, value, fallback, disabled, setParams, resetParam }: ControlProps<FlagField>) {
  const id = useId();
  const help = disabled ?? field.help;
  return (
    <div className="control" data-control={name}>
      <div className="control-line">
        <input id={id} className="control-flag" type="checkbox" checked={value === true} disabled={Boolean(disabled)} aria-describedby={help ? `${id}-help` : undefined} onChange={(event) => setParams({ [name]: event.target.checked }, { dragging: false })} />
        <Label htmlFor={id} field={field} />
        {value !== fallback && !disabled && <Reset name={name} label={field.label} resetParam={resetParam} />}
      </div>
      {help && <p id={`${id}-help`} className="control-help">{help}</p>}
    </div>
  );
}
