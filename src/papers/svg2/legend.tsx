import type { Run } from '../../run/run';
import type { MapTheme } from '../../ui/color/maps';
import { BitsKey, Ramp } from '../../ui/strip/Ramp';
import { SIXTEEN_BIT, weightOf } from '../../ui/strip/geometry';
import type { Scales } from './display';
import { keptCss } from './kept-paint';

interface LegendProps extends Pick<Run, 'scalars'> {
  readonly scales: Scales;
  readonly theme: MapTheme;
  /** Where the heads of a clip come from: not from a trained model. */
  readonly heads?: string;
}

/** One scale per family, printed under the pictures that share it. */
export function Legend({ scales, scalars, theme, heads }: LegendProps) {
  const { cell = 1 } = scalars;
  return (
    <div className="strip-legend">
      <Ramp symbols="A" scale={scales.attention} theme={theme} /><span>× even attention</span>
      <Ramp symbols="P" scale={scales.probability} theme={theme} />
      <span className="legend-ramp"><span>kept</span><span>0</span><i style={{ background: keptCss(theme) }} /><span>1</span></span>
      <Ramp symbols="‖e_i‖" scale={scales.et} theme={theme} />
      <BitsKey pairs={[[16, SIXTEEN_BIT], [4, weightOf(4)]]} />
      <span className="legend-note">
        {heads && <b>{heads}. </b>}
        {cell > 1 && `Each pixel of the attention maps is the mean of ${cell} × ${cell} pairs. `}
        Colours of the frames are clusters{heads ? '.' : '; clusters of one meaning share a colour.'}
      </span>
    </div>
  );
}
