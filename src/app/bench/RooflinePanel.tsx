import { useMemo } from 'react';
import type { BenchRow, CeilingRates } from '../../bench/report';
import { RooflineKey, RooflineMap, rivalsOf } from '../../ui/charts/RooflineMap';
import { Panel } from '../../ui/panels/Panel';
import { pointsOf } from './points';
import { useBench } from './store';

export function RooflinePanel({ rows, ceilings, software }: { readonly rows: readonly BenchRow[]; readonly ceilings: CeilingRates; readonly software: boolean }) {
  const { looked, look, pick } = useBench();
  const points = useMemo(() => pointsOf(rows), [rows]);
  const rivals = rivalsOf(points);
  return (
    <Panel title="Roofline" note={software ? 'this CPU’s, through a software adapter' : 'ceilings measured on this device'} id="roofline">
      <RooflineMap points={points} roof={ceilings} looked={looked} onLook={look} onPick={pick} />
      {rivals.length > 0 && <RooflineKey rivals={rivals} />}
      <p className="sub">Kernels that only move data do no operations and have no point. What stays in a cache can stand above the copy’s line. The numbers are in the table of kernels.</p>
    </Panel>
  );
}
