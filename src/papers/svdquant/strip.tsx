/** The pipeline strip: the method's real data flow, every tile a tensor of the run. */

import { useMemo } from 'react';

import type { Run } from '../../run/run';
import { percent } from '../../ui/format';
import type { AxisPlan } from '../../ui/heatmap/axes';
import type { Cell } from '../../ui/lab-props';
import { Place, Steps } from '../../ui/strip/Place';
import type { StripProps } from '../../ui/strip/props';
import { Tile, type Picture } from '../../ui/strip/Tile';
import { Wires } from '../../ui/strip/WireLayer';
import { Sym } from '../../ui/symbol/Symbol';
import {
  displayFactor, loudestChannel, medianLambda, outlierPixels, plansOf, scaleOf, TILES, VECTORS, type Scales,
} from './display';
import { BASELINE, Headline, HERO } from './headline';
import { Legend } from './legend';
import { Factor } from './factor';
import { ChannelMaxima, Lambda, lambdaRange, VectorCaption } from './vectors';
import { wiring } from './wires';
import '../../ui/strip/strip.css';
import './strip.css';

const STEPS = [
  ['Given', 'Y = XW'],
  ['Smooth', '^X = X/λ, ^W = λW'],
  ['Split', '^W = L_1L_2 + R'],
  ['Round', 'Q(v) = s·round(v/s)'],
  ['Multiply', '^Y = ^XL_1L_2 + Q(^X)Q(R)'],
  ['Compare', 'E = ^Y − Y'],
] as const;

function pictureOf(stages: Run['stages'], id: string, scales: Scales, plans: Readonly<Record<string, AxisPlan>>, median: number): Picture | undefined {
  const stage = stages[id];
  if (!stage) return undefined;
  const [rows, cols] = [plans[stage.axes[0]], plans[stage.axes[1]]];
  if (!rows || !cols || rows.length !== stage.rows || cols.length !== stage.cols) return undefined;
  return { stage, rows, cols, scale: scaleOf(scales, stage), factor: displayFactor(id, median) };
}

function captionOf(run: Run, { stage }: Picture): string {
  const method = stage.id === 'e' ? HERO : stage.id === 'e_rtn' ? BASELINE : undefined;
  const error = run.methods.find((m) => m.id === method)?.relativeError;
  return error === undefined ? stage.format : percent(error);
}

export function Strip({ run, pinned, scales, theme, present, stressed, selection, setSelection }: StripProps<Scales>) {
  const { stages, vectors } = run;
  // Later patches of a run (baselines, sweeps) leave stages and vectors as they are: nothing is repainted for them.
  const plans = useMemo(() => plansOf(stages), [stages]);
  const median = useMemo(() => medianLambda(vectors), [vectors]);
  const pictures = useMemo(
    () => Object.fromEntries([...TILES.map((t) => t.stage), 'l1', 'l2'].map((id) => [id, pictureOf(stages, id, scales, plans, median)])),
    [stages, scales, plans, median],
  );
  const pins = { k: selection.cell?.['k'] ?? loudestChannel(vectors) };
  const select = (stage: string, cell?: Cell): void => setSelection({ stage, cell: cell ?? selection.cell });
  const [xMax, wMax, lambda] = [vectors[VECTORS.x], vectors[VECTORS.w], vectors[VECTORS.lambda]];
  const loud = useMemo(() => outlierPixels(vectors, plans['k']!), [vectors, plans]);
  const branch = plans['r']!.length > 0 && pictures['l1'] && pictures['l2'];
  const layout = JSON.stringify([present, ...Object.values(plans).map((p) => p.extent)]);

  return (
    <section className="strip-box" aria-label="Pipeline">
      <div className="strip svdquant" id="strip" data-present={present}>
        <Steps steps={STEPS} stressed={stressed} />
        {TILES.map((place) => {
          const picture = pictures[place.stage];
          const product = place.stage === 'l';
          return picture && (
            <Place key={place.stage} place={place} kind={product ? 'product' : undefined}>
              {product && branch && <Factor picture={pictures['l2']!} theme={theme} side="l2" beside={plans['n']!.extent} />}
              {product && branch && <Factor picture={pictures['l1']!} theme={theme} side="l1" beside={plans['n']!.extent} />}
              <Tile picture={picture} theme={theme} selected={selection.stage === place.stage} pins={pins}
                caption={captionOf(run, picture)} select={select} />
            </Place>
          );
        })}
        {xMax && wMax && (
          <Place place={{ column: 1, row: 'B', order: 23 }}>
            <ChannelMaxima x={xMax} w={wMax} plan={plans['k']!} loud={loud} />
            <VectorCaption name="Channel maxima" note={<><Sym text="k" /> →</>} />
          </Place>
        )}
        {lambda && (
          <Place place={{ column: 2, row: 'B', order: 24 }}>
            <Lambda lambda={lambda} plan={plans['k']!} median={median} loud={loud} />
            <VectorCaption symbol="λ" name="median 1" note={lambdaRange(vectors)} />
          </Place>
        )}
        <Headline run={run} pinned={pinned} />
        <Legend scales={scales} theme={theme} plans={plans} />
        <Wires key={layout} wiring={wiring} />
      </div>
    </section>
  );
}
