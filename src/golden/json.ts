/** JSON as Python writes it: numpy and json.dump put NaN and ±Infinity where JSON has no word for them. */

import type { Json } from './case';

const MARK = '\u0000';
const NUMBERS: Readonly<Record<string, number>> = { NaN: Number.NaN, Infinity, '-Infinity': -Infinity };

/** @throws SyntaxError where the text is not JSON otherwise either */
export function parseJson(text: string): Json {
  // Strings are matched too, so that a NaN inside one stays a word.
  const marked = text.replace(/"(?:[^"\\]|\\.)*"|NaN|-?Infinity/g, (found) => (found.startsWith('"') ? found : JSON.stringify(MARK + found)));
  return JSON.parse(marked, (_, value: Json) => (typeof value === 'string' && value.startsWith(MARK) ? NUMBERS[value.slice(1)] : value)) as Json;
}
