/** The same head in both orders, with what is run drawn over it: a band, or the tiles that cannot be skipped. */

import { useMemo, useState } from 'react';

import type { Run, StageTensor } from '../../run/run';
import type { MapTheme } from '../../ui/color/maps';
import { percent } from '../../ui/format';
import { Heatmap } from '../../ui/heatmap/Heatmap';
import { MapLegend, MapOverlay, type MapMark } from '../../ui/heatmap/MapOverlay';
import { Panel } from '../../ui/panels/Panel';
import { bandOf, isMoved, squareOf, TEMPORAL, type Scales } from './display';

interface OrdersProps {
  readonly run: Run;
  readonly scales: Scales;
  readonly theme: MapTheme;
}

/** CSS px that a map may take. */
const ROOM = 288;
type Mode = 'band' | 'tiles' | 'map';
const MODES: readonly (readonly [Mode, string])[] = [['band', 'Band'], ['tiles', 'Tiles'], ['map', 'Map alone']];

/** What the two maps show of this head. */
function wordsOf({ scalars, params }: Run, moved: boolean): string {
  const { activeTiles = 1, activeTilesFrame = 1, density = 1, verdict, frames, tile } = scalars;
  const tiles = (share: number): string => `${percent(share, 0)} of the tiles of ${tile} × ${tile}`;
  const pairs = `${percent(density, 0)} of the pairs`;
  if (moved && params['sink'] === 'frame' && params['variant'] === 'wan') {
    return `The sink is all of frame 0. Place by place its tokens stand ${frames} keys apart, so that ${tiles(activeTiles)} are touched: what the band could skip, the sink does not.`;
  }
  if (moved) return `The mask keeps ${pairs} in either order. In frame order they lie in thin stripes that touch ${tiles(activeTilesFrame)}; place by place they lie in a band that touches ${percent(activeTiles, 0)}.`;
  if (verdict === TEMPORAL) return `The layout transform is off: ${pairs} lie in stripes that touch ${tiles(activeTiles)}.`;
  return `A spatial head looks at near frames, which are near in frame order already. Its tokens stay; the band keeps ${pairs} and touches ${tiles(activeTiles)}.`;
}

export function Orders({ run, scales, theme }: OrdersProps) {
  const [mode, setMode] = useState<Mode>('band');
  const { stages, scalars, params } = run;
  const { tokens = 1, activeTiles = 1, activeTilesFrame = 1, verdict, head, tile = 1 } = scalars;
  const cells = stages['map']?.rows ?? 1;
  const moved = isMoved({ params, scalars });
  const overlay = useMemo(() => bandOf({ params, scalars }), [params, scalars]);
  const plan = useMemo(() => squareOf(cells, ROOM), [cells]);
  const { map, map_token: token, tiles, tiles_frame: left } = stages;
  if (!map || !token || !tiles || !left) return null;
  const classes = (stage: StageTensor) => ({ edge: tile, classes: Uint32Array.from(stage.data) });
  const maps = [
    { id: 'frame', title: 'By frame', stage: map, run: !moved, active: moved ? activeTilesFrame : activeTiles, tiles: moved ? left : tiles },
    { id: 'token', title: 'By place', stage: token, run: moved, active: activeTiles, tiles: moved ? tiles : undefined },
  ];
  const marks: readonly MapMark[] = mode === 'tiles' ? ['skipped', 'partial', 'full']
    : [...(overlay.band !== undefined ? ['band' as const] : []), ...(overlay.sink !== undefined ? ['sink' as const] : []), ...(overlay.text ? ['text' as const] : [])];
  return (
    <Panel title="Two orders of the same tokens" note={`head ${head}, ${verdict === TEMPORAL ? 'temporal' : 'spatial'}`} id="orders">
      <div className="orders">
        {maps.map(({ id, title, stage, run: runs, active, tiles: ofMap }) => (
          <figure key={id} data-run={runs}>
            <div className="orders-map">
              <Heatmap data={stage.data} rows={plan} cols={plan} scale={scales.attention} theme={theme} />
              {mode === 'band' && runs && <MapOverlay size={tokens} {...overlay} />}
              {mode === 'tiles' && ofMap && <MapOverlay size={tokens} tiles={classes(ofMap)} />}
            </div>
            <figcaption><b>{title}</b>{runs ? ', as it is run' : ''}{ofMap && <>: {percent(active, 0)} of the tiles touched</>}</figcaption>
          </figure>
        ))}
        <div className="orders-says">
          <fieldset className="inspector-modes">
            <legend className="visually-hidden">Drawn over the maps</legend>
            {MODES.map(([id, label]) => <button key={id} type="button" aria-pressed={id === mode} onClick={() => setMode(id)}>{label}</button>)}
          </fieldset>
          {mode !== 'map' && <MapLegend show={marks} />}
          <p>{wordsOf(run, moved)}</p>
        </div>
      </div>
    </Panel>
  );
}
