import { rampCss, type MapTheme } from '../../ui/color/maps';
import type { ColorScale } from '../../ui/color/scale';
import { MINUS, number } from '../../ui/format';
import type { AxisPlan } from '../../ui/heatmap/axes';
import { Sym } from '../../ui/symbol/Symbol';
import type { Scales } from './display';

function Ramp({ symbols, scale, theme }: { readonly symbols: string; readonly scale: ColorScale; readonly theme: MapTheme }) {
  const signed = scale.map === 'signed';
  return (
    <span className="legend-ramp">
      <Sym text={symbols} />
      <span>{signed ? MINUS + number(scale.max) : '0'}</span>
      <i style={{ background: rampCss(scale.map, theme) }} />
      <span>{number(scale.max)}</span>
    </span>
  );
}

const AXIS_NAMES: Readonly<Record<string, string>> = { t: 'tokens', k: 'channels', n: 'outputs' };

/** 'Each pixel is the largest |·| of 15 tokens.', when a tensor is larger than its tile. */
function reduction(plans: Readonly<Record<string, AxisPlan>>): string | undefined {
  const parts = ['t', 'k', 'n'].filter((a) => plans[a]!.block > 1).map((a) => `${plans[a]!.block} ${AXIS_NAMES[a]}`);
  return parts.length ? `Each pixel is the largest |·| of ${parts.join(' × ')}.` : undefined;
}

/** One scale per family, printed under the pictures that share it. */
export function Legend({ scales, theme, plans }: { readonly scales: Scales; readonly theme: MapTheme; readonly plans: Readonly<Record<string, AxisPlan>> }) {
  const reduced = reduction(plans);
  return (
    <div className="strip-legend">
      <Ramp symbols="X, ^X, Q(^X)" scale={scales.x} theme={theme} />
      <Ramp symbols="W … Q(R)" scale={scales.w} theme={theme} />
      <Ramp symbols="Y, ^Y" scale={scales.y} theme={theme} />
      <Ramp symbols="|E|" scale={scales.e} theme={theme} />
      <span className="legend-bits">
        bits per value
        <svg width="24" height="10" aria-hidden="true"><path d="M0 5H24" strokeWidth="3.6" /></svg>16
        <svg width="24" height="10" aria-hidden="true"><path d="M0 5H24" strokeWidth="1.2" /></svg>4
      </span>
      {reduced && <span className="legend-note">{reduced}</span>}
    </div>
  );
}
