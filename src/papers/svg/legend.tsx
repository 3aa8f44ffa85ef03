import type { Run } from '../../run/run';
import { rampCss, type MapTheme } from '../../ui/color/maps';
import { number } from '../../ui/format';
import { Ramp } from '../../ui/strip/Ramp';
import { Sym } from '../../ui/symbol/Symbol';
import { CLASS_INK, type Scales } from './display';

interface LegendProps {
  readonly scales: Scales;
  readonly theme: MapTheme;
  readonly scalars: Run['scalars'];
}

const CLASSES = ['skipped', 'full', 'partial'] as const;
const IN_ORDER = [0, 2, 1] as const;

/** Ink of a class, between the ground and full ink of the map. */
const inkOf = (theme: MapTheme, ink: number): { background: string } => {
  const stops = [...rampCss('error', theme).matchAll(/rgb\([^)]*\)/g)].map(([c]) => c);
  return { background: stops[Math.round(ink * (stops.length - 1))] };
};

/** One scale per family, printed under the pictures that share it. */
export function Legend({ scales, theme, scalars }: LegendProps) {
  const { cell = 1 } = scalars;
  const { max } = scales.attention;
  return (
    <div className="strip-legend">
      <Ramp symbols="Q, K" scale={scales.x} theme={theme} />
      <span className="legend-ramp"><Sym text="A" /><span>0</span><i style={{ background: rampCss('error', theme) }} /><span>{number(max)}× even</span></span>
      <span className="legend-ramp legend-classes">{IN_ORDER.map((c) => <span key={c}><i style={inkOf(theme, CLASS_INK[c])} />{CLASSES[c]}</span>)}</span>
      <Ramp symbols="O, ^O" scale={scales.y} theme={theme} />
      <Ramp symbols="|E|" scale={scales.e} theme={theme} />
      {cell > 1 && <span className="legend-note">Maps: each cell the mean of {cell} × {cell} tokens; even attention, 1/<Sym text="N" /> a pair, counts 1; log above it.</span>}
    </div>
  );
}
