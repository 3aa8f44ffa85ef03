import type { MapTheme } from '../../ui/color/maps';
import type { AxisPlan } from '../../ui/heatmap/axes';
import { FOUR_BIT, SIXTEEN_BIT } from '../../ui/strip/geometry';
import { BitsKey, Ramp } from '../../ui/strip/Ramp';
import type { Scales } from './display';

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
      <BitsKey pairs={[[16, SIXTEEN_BIT], [4, FOUR_BIT]]} />
      {reduced && <span className="legend-note">{reduced}</span>}
    </div>
  );
}
