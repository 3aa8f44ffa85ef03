import { Fragment } from 'react';

import { rampCss, type MapTheme } from '../color/maps';
import type { ColorScale } from '../color/scale';
import { MINUS, number } from '../format';
import { Sym } from '../symbol/Symbol';

/** The scale that the named pictures share: its ends and its colours. */
export function Ramp({ symbols, scale, theme }: { readonly symbols: string; readonly scale: ColorScale; readonly theme: MapTheme }) {
  const { map } = scale;
  if (map === 'rgb' || map === 'label') return null; // no quantity, no ramp
  const signed = map === 'signed';
  return (
    <span className="legend-ramp">
      <Sym text={symbols} />
      <span>{signed ? MINUS + number(scale.max) : '0'}</span>
      <i style={{ background: rampCss(map, theme) }} />
      <span>{number(scale.max)}</span>
    </span>
  );
}

/** Two lines of the strip's wires with the bits per value that they stand for. */
export function BitsKey({ pairs }: { readonly pairs: readonly (readonly [bits: number, width: number])[] }) {
  return (
    <span className="legend-bits">
      bits per value
      {pairs.map(([bits, width]) => (
        <Fragment key={bits}><svg width="24" height="10" aria-hidden="true"><path d="M0 5H24" strokeWidth={width} /></svg>{bits}</Fragment>
      ))}
    </span>
  );
}
