/** The controls of a lab, made from its one schema: every parameter of the link and the command line is here too. */

import type { Params } from '../../run/run';
import type { Field, Schema } from '../../run/schema';
import type { SetParams } from '../lab-props';
import { ChoiceControl, FlagControl } from './ChoiceControl';
import { NumberControl, valueText } from './NumberControl';
import { Label } from './Label';
import { Slider } from './Slider';
import './controls.css';

export interface ControlsPanelProps {
  readonly schema: Schema;
  readonly params: Params;
  readonly defaults: Params;
  readonly setParams: SetParams;
  readonly resetParam: (name: string) => void;
  /** Groups in this order, the others left out; absent: all, in schema order. */
  readonly groups?: readonly string[];
}

/** The control of one parameter, or nothing while it does not apply. */
export function Control({ name, ...page }: Omit<ControlsPanelProps, 'groups'> & { readonly name: string }) {
  const field: Field | undefined = page.schema[name];
  if (!field || field.when?.(page.params) === false) return null;
  const common = {
    name, value: page.params[name], fallback: page.defaults[name], disabled: field.disabled?.(page.params), setParams: page.setParams, resetParam: page.resetParam,
  };
  if (field.kind === 'choice') return <ChoiceControl {...common} field={field} />;
  if (field.kind === 'flag') return <FlagControl {...common} field={field} />;
  return <NumberControl {...common} field={field} />;
}

export function ControlsPanel({ groups, ...page }: ControlsPanelProps) {
  const { schema, params, defaults } = page;
  const names = Object.keys(schema);
  const shown = groups ?? [...new Set(names.map((name) => schema[name].group))];
  return (
    <div className="controls">
      {shown.map((group) => {
        const own = names.filter((name) => schema[name].group === group && schema[name].when?.(params) !== false);
        const folded = own.filter((name) => schema[name].advanced);
        if (own.length === 0) return null;
        const changed = folded.filter((name) => params[name] !== defaults[name]).length;
        return (
          <section key={group} aria-label={group} className="controls-group">
            <h2>{group}</h2>
            {own.filter((name) => !schema[name].advanced).map((name) => <Control key={name} name={name} {...page} />)}
            {folded.length > 0 && (
              <details className="controls-more">
                <summary>More{changed > 0 && <small>, {changed} changed</small>}</summary>
                {folded.map((name) => <Control key={name} name={name} {...page} />)}
              </details>
            )}
          </section>
        );
      })}
    </div>
  );
}

export type PinnedControlProps = Omit<ControlsPanelProps, 'groups'> & { readonly name: string };

/** One parameter in one row: the bottom bar of a narrow page and the bar of a lesson. */
export function PinnedControl({ name, ...page }: PinnedControlProps) {
  const field: Field | undefined = page.schema[name];
  if (!field || field.when?.(page.params) === false) return null;
  if (field.kind === 'choice' || field.kind === 'flag') return <div className="pinned"><Control name={name} {...page} /></div>;
  const value = page.params[name];
  const text = valueText(field, value);
  return (
    <div className="pinned" data-control={name}>
      <Label field={field} />
      <Slider
        name={name} label={field.label} field={field} value={Number(value)} disabled={field.disabled?.(page.params) !== undefined} valueText={`${text}${field.unit ? ` ${field.unit}` : ''}`}
        onMove={(next, dragging) => page.setParams({ [name]: next }, { dragging })}
      />
      <span className="pinned-value">{text}{field.unit && <small> {field.unit}</small>}</span>
    </div>
  );
}
