import { rampCss, type MapTheme } from '../../ui/color/maps';
import type { AxisPlan } from '../../ui/heatmap/axes';
import { weightOf } from '../../ui/strip/geometry';
import { BitsKey, Ramp } from '../../ui/strip/Ramp';
import type { Scales } from './display';

const NAMES = { k: 'inputs', n: 'outputs' } as const;

/** 'Each pixel is the largest |·| of 4 inputs × 2 outputs.', when a tensor is larger than its tile. */
function reduction(plans: Readonly<Record<'k' | 'n', AxisPlan>>): string | undefined {
  const parts = (['k', 'n'] as const).filter((a) => plans[a].block > 1).map((a) => `${plans[a].block} ${NAMES[a]}`);
  return parts.length ? `Each pixel is the largest |·| of ${parts.join(' × ')}.` : undefined;
}

interface LegendProps {
  readonly scales: Scales;
  readonly theme: MapTheme;
  readonly plans: Readonly<Record<'k' | 'n', AxisPlan>>;
  readonly bits: number;
}

/** One scale per family, printed under the pictures that share it. */
export function Legend({ scales, theme, plans, bits }: LegendProps) {
  const reduced = reduction(plans);
  return (
    <div className="strip-legend">
      <Ramp symbols="W … ^W" scale={scales.w} theme={theme} />
      <Ramp symbols="F" scale={scales.f} theme={theme} />
      <span className="legend-ramp"><span>codes</span><span>0</span><i style={{ background: rampCss('signed', theme) }} /><span>{2 * scales.code.max}</span></span>
      <Ramp symbols="|E|" scale={scales.e} theme={theme} />
      <BitsKey pairs={[[16, weightOf(16)], [bits, weightOf(bits)]]} />
      {reduced && <span className="legend-note">{reduced}</span>}
    </div>
  );
}
