/** Numbers as the page prints them: 3 significant digits, true minus, a space before a unit. */

export const MINUS = '−';
export const PENDING = '…';
const SUPERSCRIPT = '⁰¹²³⁴⁵⁶⁷⁸⁹';

const signed = (x: number, text: string): string => (x < 0 ? MINUS + text : text);
export const superscript = (n: number): string => (n < 0 ? '⁻' : '') + [...String(Math.abs(n))].map((d) => SUPERSCRIPT[Number(d)]).join('');

/** 237 · 17.5 · 1.15 · 0.542 · 0.0031 · 1·10⁻¹⁶; whole numbers below 1000 stay whole. */
export function number(x: number, significant = 3): string {
  if (Number.isNaN(x)) return 'not a number';
  const a = Math.abs(x);
  if (a === 0) return '0';
  if (!Number.isFinite(a)) return signed(x, '∞');
  if (a < 1e-4 || a >= 1e6) {
    const exponent = Math.floor(Math.log10(a));
    const mantissa = Number((a / 10 ** exponent).toPrecision(2));
    return signed(x, `${mantissa}·10${superscript(exponent)}`);
  }
  const whole = Math.floor(Math.log10(a)) + 1;
  return signed(x, a.toFixed(Math.max(0, Math.min(6, significant - whole))));
}

/** '3.92 %' of 0.0392. */
export const percent = (ratio: number, digits = 2): string => `${signed(ratio, Math.abs(100 * ratio).toFixed(digits))} %`;

/** '28.1' */
export const decibels = (db: number): string => (Number.isFinite(db) ? signed(db, Math.abs(db).toFixed(1)) : signed(db, '∞'));

/** '6.25' */
export const bits = (b: number): string => b.toFixed(2);

/** '3.9×' */
export const times = (ratio: number): string => `${ratio >= 100 ? ratio.toFixed(0) : ratio.toFixed(1)}×`;

/** '68.7 MB', decimal units as the byte model counts them. */
export function bytes(n: number): string {
  if (n >= 1e9) return `${(n / 1e9).toFixed(2)} GB`;
  if (n >= 1e6) return `${(n / 1e6).toFixed(1)} MB`;
  if (n >= 1e3) return `${(n / 1e3).toFixed(1)} kB`;
  return `${n} B`;
}

/** '102 ms', '4.9 ms', '12 µs'; below the clock's `resolution`: '< 0.1 ms'. Seconds in. */
export function seconds(s: number, resolution = 0): string {
  const shown = s < resolution ? resolution : s;
  const [value, unit] = shown >= 1 ? [shown, 's'] : shown >= 1e-4 ? [shown * 1e3, 'ms'] : [shown * 1e6, 'µs'];
  const text = `${value >= 10 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value.toPrecision(2)} ${unit}`;
  return s < resolution ? `< ${text}` : text;
}

/** '96 × 128' */
export const shape = (rows: number, cols: number): string => `${rows} × ${cols}`;

/** 1 → '1st place'-free plain count: '1 channel', '6 channels'. */
export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;
