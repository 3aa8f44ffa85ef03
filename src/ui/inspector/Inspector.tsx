/** One stage of a run, closely: cells, maxima, values, singular values. */

import { useId, useMemo, useState } from 'react';

import type { StageTensor, StageVector } from '../../run/run';
import type { MapTheme } from '../color/maps';
import { makeScale, type ColorScale } from '../color/scale';
import { number, shape } from '../format';
import type { Cell } from '../lab-props';
import { Sym } from '../symbol/Symbol';
import { spoken } from '../symbol/parse';
import { HeatView } from './HeatView';
import { Histogram } from './Histogram';
import { Readout } from './Readout';
import { SpectrumChart, type SpectrumLine } from './SpectrumChart';
import { summarize } from './stats';
import './inspector.css';

interface InspectorProps {
  readonly stage: StageTensor;
  /** What is drawn of the stage where that is not its values. */
  readonly drawn?: Float32Array;
  readonly family: readonly StageTensor[];
  readonly vectors: readonly StageVector[];
  readonly spectra: readonly SpectrumLine[];
  readonly axisNames: Readonly<Record<string, string>>;
  /** The strip's scale and display factor for this stage. */
  readonly scale: ColorScale;
  readonly factor: number;
  readonly theme: MapTheme;
  /** Row and column in use when nothing is under the pointer. */
  readonly cell: readonly [row: number, col: number];
  readonly pin: (cell: Cell) => void;
  /** Text after the figures, e.g. that the picture is one of an older run. */
  readonly note?: string;
}

type Mode = 'asinh' | 'linear' | 'codes';

/** What is drawn in each mode: on the family's scale, or the codes on their own. */
function drawnAs(mode: Mode, { stage, drawn, scale, factor }: Pick<InspectorProps, 'stage' | 'drawn' | 'scale' | 'factor'>): { data: Float32Array; scale: ColorScale; factor: number } {
  if (mode === 'codes' && stage.codes) {
    const data = Float32Array.from(stage.codes);
    return { data, scale: makeScale('signed', data.reduce((m, v) => Math.max(m, Math.abs(v)), 0), 0, 'linear'), factor: 1 };
  }
  const transfer = mode === 'linear' || scale.transfer === 'linear' ? 'linear' : 'asinh';
  return { data: drawn ?? stage.data, scale: { ...scale, transfer }, factor };
}

export function Inspector(props: InspectorProps) {
  const { stage, drawn: shown, family, vectors, spectra, axisNames, theme, cell, pin, note, scale, factor } = props;
  const [wanted, setMode] = useState<Mode>('asinh');
  const readout = useId();
  const summary = useMemo(() => summarize(stage), [stage]);
  const cells = useMemo(() => (stage.family === 'rgb' ? { ...stage, cols: stage.cols / 3 } : stage), [stage]);
  const quantity = scale.map !== 'rgb' && scale.map !== 'label';
  const modes: readonly Mode[] = stage.codes ? ['asinh', 'linear', 'codes'] : ['asinh', 'linear'];
  const mode = modes.includes(wanted) ? wanted : 'asinh';
  const drawn = useMemo(() => drawnAs(mode, { stage, drawn: shown, scale, factor }), [mode, stage, shown, scale, factor]);
  return (
    <section className="panel inspector" aria-label="Inspector">
      <h2 className="panel-head">
        <span><Sym text={stage.symbol} />&ensp;{stage.name}</span>
        <small>{shape(cells.rows, cells.cols)}{quantity && <> · max {number(summary.max)} · RMS {number(summary.rms)} · ‖·‖<sub>F</sub> {number(summary.frobenius)}</>}</small>
      </h2>
      <div className="inspector-body">
        <div>
          <HeatView
            stage={cells} data={drawn.data} summary={summary} scale={drawn.scale} factor={drawn.factor} theme={theme} cell={cell} pin={pin}
            label={`${spoken(stage.symbol)}, ${stage.name}: arrow keys move the cell, plus and minus zoom`} describedBy={readout}
          >
            {scale.transfer === 'asinh' && (
              <fieldset className="inspector-modes">
                <legend className="visually-hidden">Colour scale</legend>
                {modes.map((m) => (
                  <button key={m} type="button" aria-pressed={m === mode} onClick={() => setMode(m)}>{m === 'codes' ? 'signed codes' : m}</button>
                ))}
              </fieldset>
            )}
          </HeatView>
          <Readout id={readout} stage={stage} family={family} vectors={vectors} axisNames={axisNames} cell={cell} />
          {note && <p className="inspector-note">{note}</p>}
        </div>
        <div>
          {quantity && <Histogram data={stage.data} max={summary.max} />}
          {spectra.length > 0 && <SpectrumChart lines={spectra} />}
        </div>
      </div>
    </section>
  );
}
