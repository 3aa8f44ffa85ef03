/** The pipeline strip: the method's real data flow, every tile a tensor of the run. */

import { useMemo } from 'react';

import type { Run, StageTensor } from '../../run/run';
import { percent } from '../../ui/format';
import type { Cell } from '../../ui/lab-props';
import { Place, Steps } from '../../ui/strip/Place';
import type { StripProps } from '../../ui/strip/props';
import { Tile, type Picture } from '../../ui/strip/Tile';
import { Wires } from '../../ui/strip/WireLayer';
import { drawnOf, hardestOutput, levelsOf, outputOf, plansOf, scaleOf, TILES, type Scales } from './display';
import { BASELINE, Headline, HERO } from './headline';
import { ValuesByKind } from './histogram';
import { Legend } from './legend';
import { Removed } from './removed';
import { RowLine } from './row-line';
import { Carried, Gauge } from './stored';
import { wiringOf } from './wires';
import '../../ui/strip/strip.css';
import './strip.css';

const STEPS = [
  ['Given', 'W, F = mean g²'],
  ['Split', 'W = D + S'],
  ['Cluster', 'min Σ F(w − C_a)²'],
  ['Store', 'a, C, S'],
  ['Restore', '^W = C[a] + S'],
  ['Compare', 'E = ^W − W'],
] as const;

/** Pixels of the two small charts under the tiles, downward. */
const CHART = 76;
const WALL = 112;

type Plans = ReturnType<typeof plansOf>;

function pictureOf(stage: StageTensor | undefined, name: string | undefined, scales: Scales, plans: Plans): Picture | undefined {
  if (!stage) return undefined;
  const [rows, cols] = stage.axes[0] === 'c' ? [plans.c, plans.n] : [plans.k, plans.n];
  if (rows.length !== stage.rows || cols.length !== stage.cols) return undefined;
  return { stage: { ...stage, data: drawnOf(stage), name: name ?? stage.name }, rows, cols, scale: scaleOf(scales, stage), factor: 1 };
}

function captionOf(run: Run, stage: StageTensor): string {
  const method = stage.id === 'e' ? HERO : stage.id === 'e_rtn' ? BASELINE : undefined;
  const error = run.methods.find((m) => m.id === method)?.relativeError;
  return error === undefined ? stage.format : percent(error, error < 0.01 ? 2 : 1);
}

export function Strip({ run, pinned, scales, theme, present, stressed, selection, setSelection }: StripProps<Scales>) {
  const { stages, vectors, scalars } = run;
  const bits = scalars['bits'] ?? 3;
  // Later patches of a run (baselines, sweeps) leave stages and vectors as they are: nothing is repainted for them.
  const plans = useMemo(() => plansOf(stages), [stages]);
  const pictures = useMemo(
    () => Object.fromEntries(TILES.map(({ stage, name }) => [stage, pictureOf(stages[stage], name, scales, plans)])),
    [stages, scales, plans],
  );
  const wanted = selection.cell?.['n'] ?? hardestOutput(vectors);
  const output = useMemo(() => outputOf(stages, wanted), [stages, wanted]);
  const levels = useMemo(() => levelsOf(stages['book'], wanted), [stages, wanted]);
  const wiring = useMemo(() => wiringOf(bits), [bits]);
  const pins: Cell = { n: wanted, ...(selection.cell?.['k'] !== undefined && { k: selection.cell['k'] }) };
  const select = (stage: string, cell?: Cell): void => setSelection({ stage, cell: cell ? { ...selection.cell, ...cell } : selection.cell });
  const layout = JSON.stringify([present, plans.k.extent, plans.n.extent, plans.c.extent]);

  return (
    <section className="strip-box" aria-label="Pipeline">
      <div className="strip squeezellm" id="strip" data-present={present}>
        <Steps steps={STEPS} stressed={stressed} />
        {TILES.map((place) => {
          const picture = pictures[place.stage];
          return picture && (
            <Place key={place.stage} place={place}>
              <Tile picture={picture} theme={theme} selected={selection.stage === place.stage} pins={pins} caption={captionOf(run, picture.stage)} select={select}>
                {place.stage === 's' && <Removed mask={stages['mask']} rows={plans.k} cols={plans.n} />}
              </Tile>
            </Place>
          );
        })}
        <Place place={{ column: 4, row: 'A', order: 41 }}><Gauge scalars={scalars} height={plans.k} /></Place>
        <Place place={{ column: 4, row: 'B', order: 42 }}><Carried scalars={scalars} book={plans.c} height={plans.k} /></Place>
        <Place place={{ column: 1, row: 'C', order: 23 }} kind="values"><ValuesByKind stages={stages} scalars={scalars} height={present ? WALL : CHART} /></Place>
        {output && <Place place={{ column: 3, row: 'C', order: 33 }} kind="rowline"><RowLine output={output} levels={levels} height={present ? WALL : CHART} /></Place>}
        <Headline run={run} pinned={pinned} />
        <Legend scales={scales} theme={theme} plans={plans} bits={bits} />
        <Wires key={layout} wiring={wiring} />
      </div>
    </section>
  );
}
