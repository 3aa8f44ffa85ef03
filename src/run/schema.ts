/**
 * The one schema of a lab: it makes the controls, the link, the command-line flags and the help.
 * Values from outside (a link, a flag) are parsed and clamped here and nowhere else.
 */

import type { ParamValue, Params } from './run';

interface FieldBase {
  readonly label: string;
  readonly symbol?: string;
  readonly help: string;
  readonly group: string;
  readonly unit?: string;
  /** Shown only when this holds; a hidden field keeps its value. */
  readonly when?: (p: Params) => boolean;
  /** Shown but disabled, with this sentence saying why. */
  readonly disabled?: (p: Params) => string | undefined;
  /** Below a fold named "More". */
  readonly advanced?: boolean;
}

export interface NumberField extends FieldBase {
  readonly kind: 'int' | 'real';
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly default: number;
  /** The slider's own end where the value may go beyond it by typing. */
  readonly sliderMax?: number;
  readonly digits?: number;
}

export interface ChoiceField extends FieldBase {
  readonly kind: 'choice';
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly default: string;
}

export interface FlagField extends FieldBase {
  readonly kind: 'flag';
  readonly default: boolean;
}

export type Field = NumberField | ChoiceField | FlagField;
export type Schema = Readonly<Record<string, Field>>;

export type ValueOf<F extends Field> = F extends NumberField ? number : F extends FlagField ? boolean : F extends { options: readonly { value: infer V }[] } ? V : string;
export type ParamsOf<S extends Schema> = { readonly [K in keyof S]: ValueOf<S[K]> };

/** A value that cannot be used, with a sentence naming the parameter, what was given and what would do. */
export class ParamError extends Error {
  override readonly name = 'ParamError';
  constructor(readonly param: string, message: string) {
    super(message);
  }
}

export const defaultsOf = <S extends Schema>(schema: S): ParamsOf<S> =>
  Object.fromEntries(Object.entries(schema).map(([name, field]) => [name, field.default])) as ParamsOf<S>;

function clampNumber(field: NumberField, value: number): number {
  const steps = Math.round((value - field.min) / field.step);
  const stepped = Number((field.min + steps * field.step).toPrecision(12));
  return Math.min(field.max, Math.max(field.min, stepped));
}

/** Strict: what the command line uses. Out of range or unreadable is refused. */
export function parseStrict(name: string, field: Field, text: string): ParamValue {
  if (field.kind === 'choice') {
    if (field.options.some((o) => o.value === text)) return text;
    throw new ParamError(name, `--${name} is "${text}", but it must be one of ${field.options.map((o) => o.value).join(', ')}.`);
  }
  if (field.kind === 'flag') {
    if (text === 'true' || text === '1' || text === '') return true;
    if (text === 'false' || text === '0') return false;
    throw new ParamError(name, `--${name} is "${text}", but it must be true or false.`);
  }
  const value = text.trim() === '' ? Number.NaN : Number(text);
  const wrong = !Number.isFinite(value) || (field.kind === 'int' && !Number.isInteger(value)) || value < field.min || value > field.max;
  if (wrong) {
    throw new ParamError(name, `--${name} is "${text}", but it must be ${field.kind === 'int' ? 'a whole number' : 'a number'} from ${field.min} to ${field.max}.`);
  }
  return value;
}

/** Lenient: what a link uses. Unreadable falls back to the default, out of range is clamped. */
export function parseLenient(field: Field, text: string): ParamValue {
  if (field.kind === 'choice') return field.options.some((o) => o.value === text) ? text : field.default;
  if (field.kind === 'flag') return text === '1' || text === 'true' ? true : text === '0' || text === 'false' ? false : field.default;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? clampNumber(field, value) : field.default;
}

/** Clamps a value that a control or a preset gives. */
export const clamp = (field: Field, value: ParamValue): ParamValue => parseLenient(field, typeof value === 'boolean' ? (value ? '1' : '0') : String(value));

export const LINK_VERSION = '1';

/** Only what differs from the defaults, in schema order: short links, and stable ones. */
export function toQuery(schema: Schema, params: Params): URLSearchParams {
  const query = new URLSearchParams({ v: LINK_VERSION });
  for (const [name, field] of Object.entries(schema)) {
    const value = params[name];
    if (value !== field.default) query.set(name, typeof value === 'boolean' ? (value ? '1' : '0') : String(value));
  }
  return query;
}

/** Unknown names are ignored, missing ones take the default: old links go on working. */
export function fromQuery<S extends Schema>(schema: S, query: URLSearchParams): ParamsOf<S> {
  return Object.fromEntries(
    Object.entries(schema).map(([name, field]) => {
      const text = query.get(name);
      return [name, text === null ? field.default : parseLenient(field, text)];
    }),
  ) as ParamsOf<S>;
}
