/** The pipeline strip: the method's real data flow for one head, every tile a tensor of the run. */

import { useMemo } from 'react';

import type { Run, StageTensor } from '../../run/run';
import { percent, shape } from '../../ui/format';
import { MapOverlay } from '../../ui/heatmap/MapOverlay';
import type { Cell, SetParams } from '../../ui/lab-props';
import { Place, Steps } from '../../ui/strip/Place';
import type { StripProps as StripOf } from '../../ui/strip/props';
import { Tile, type Picture } from '../../ui/strip/Tile';
import { Wires } from '../../ui/strip/WireLayer';
import { bandOf, drawnOf, isMoved, pickedQuery, plansOf, scaleOf, SPATIAL, textFirst, tilesOf, tokenMajor, type Band, type Scales, type TilePlace } from './display';
import { HeadPicker } from './head-picker';
import { Headline } from './headline';
import { Legend } from './legend';
import { Looks } from './looks';
import { RowErrors } from './row-errors';
import { Shuffle } from './shuffle';
import { wiringOf } from './wires';
import '../../ui/strip/strip.css';
import './strip.css';

const stepsOf = (variant: unknown): readonly (readonly [string, string])[] => [
  ['Given', 'Q, K, V'],
  ['Look', 'A = softmax(Q·K)'],
  ['Judge', 'min ‖O_m − O‖'],
  ['Lay out', 'fP + p → pF + f'],
  ['Skip', variant === 'wan' ? '|i − j| ≤ W' : '|i − j| < W'],
  ['Compare', 'E = ^O − O'],
];

/** The step in which rows are sampled. */
const JUDGE = 3;

/** Pixels of the chart of sampled rows. */
const CHART = 84;
const WALL = 120;

export interface StripProps extends StripOf<Scales> {
  readonly setParams: SetParams;
  /** Where the frames of the video stand: over the strip, in its first step, or in place of the sampled rows. */
  readonly frames: 'above' | 'step' | 'below';
}

function pictureOf(stage: StageTensor | undefined, { id, name }: TilePlace, scales: Scales): Picture | undefined {
  if (!stage) return undefined;
  const [rows, cols] = plansOf(stage);
  return { stage: { ...stage, id, data: drawnOf(stage), name }, rows, cols, scale: scaleOf(scales, stage), factor: 1 };
}

function captionOf({ scalars }: Pick<Run, 'scalars'>, stage: StageTensor, of: string): string {
  const { spatialError, temporalError, sparseError, sparseRecall, activeTiles, activeTilesFrame } = scalars;
  const shown = (value: number | undefined, after = '', before = ''): string => (value === undefined ? stage.format : before + percent(value, value < 0.0995 ? 1 : 0) + after);
  switch (of) {
    case 'map': return 'by frame';
    case 'map_token': return 'by place';
    case 'kept_spatial': return shown(spatialError, '', 'error ');
    case 'kept_temporal': return shown(temporalError, '', 'error ');
    case 'tiles': return shown(activeTiles, ' run');
    case 'tiles_frame': return shown(activeTilesFrame, ' run');
    case 'o': return shown(scalars['gateDense'] ? 1 : sparseRecall, ' kept');
    case 'e': return shown(scalars['gateDense'] ? 0 : sparseError);
    default: return shape(stage.rows, stage.cols);
  }
}

export function Strip({ run, pinned, scales, theme, present, stressed, selection, setSelection, setParams, frames }: StripProps) {
  const { stages, vectors, scalars, params } = run;
  const { tokens = 1, cell = 1, verdict = 0, R = 0, head } = scalars;
  const moved = isMoved({ params, scalars });
  // Later patches of a run (other heads, sweeps) leave the stages of this head as they are: nothing is repainted for them.
  const tiles = useMemo(() => tilesOf(moved), [moved]);
  const pictures = useMemo(() => new Map(tiles.map((tile) => [tile.id, pictureOf(stages[tile.stage], tile, scales)] as const)), [tiles, stages, scales]);
  const wiring = useMemo(() => wiringOf({ verdict, rows: R, moved }), [verdict, R, moved]);
  const band = JSON.stringify(bandOf({ params, scalars }));
  const overlay = useMemo(() => JSON.parse(band) as Band, [band]);
  const sampled = vectors['rows']?.data;
  const query = pickedQuery({ params, scalars }).video + textFirst({ params, scalars });
  const pins: Cell = { t: query, i: Math.floor(query / cell), it: Math.floor(tokenMajor(query, { params, scalars }) / cell) };
  const select = (stage: string, picked?: Cell): void => setSelection({ stage, cell: picked ? { ...selection.cell, ...picked } : selection.cell });
  const layout = JSON.stringify([present, head, scalars['heads'], tiles.map(({ stage }) => [stages[stage]?.rows, stages[stage]?.cols])]);

  return (
    <section className="strip-box" aria-label="Pipeline">
      <div className="strip svg-lab" id="strip" data-present={present}>
        <Steps steps={stepsOf(params['variant'])} stressed={stressed} />
        {frames === 'step' && <Place place={{ column: 1, row: 'A', order: 11 }} kind="looks"><Looks {...{ run, scales, theme, setParams }} phone /></Place>}
        {tiles.map((place) => {
          const picture = pictures.get(place.id);
          const judging = place.column === 3 ? (place.row === 'A') === (verdict === SPATIAL) ? 'nearer' : 'farther' : undefined;
          return picture && (
            <Place key={place.id} place={place} kind={judging}>
              <Tile picture={picture} theme={theme} selected={selection.stage === place.stage} pins={pins} caption={captionOf(run, picture.stage, place.stage)} select={(_, picked) => select(place.stage, picked)}>
                {place.column === 2 && <MapOverlay size={tokens} rows={sampled} />}
                {place.column === 4 && <MapOverlay size={tokens} {...overlay} />}
              </Tile>
            </Place>
          );
        })}
        <Place place={{ column: 2, row: 'B', order: 22 }}><HeadPicker run={run} scales={scales} theme={theme} pick={(h) => setParams({ head: h })} /></Place>
        <Place place={{ column: 4, row: 'B', order: 42 }}><Shuffle run={run} /></Place>
        <Place place={{ column: 1, row: 'C', order: 33 }} kind="rows">
          {frames === 'below' && stressed !== JUDGE ? <Looks {...{ run, scales, theme, setParams }} /> : <RowErrors run={run} height={frames === 'below' ? WALL : CHART} />}
        </Place>
        <Headline run={run} pinned={pinned} />
        <Legend scales={scales} theme={theme} scalars={scalars} />
        <Wires key={layout} wiring={wiring} />
      </div>
    </section>
  );
}
