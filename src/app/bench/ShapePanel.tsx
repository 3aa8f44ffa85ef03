import type { DensityRow, SkewRow, WholeRunRow } from '../../bench/report';
import { number, percent, seconds, times } from '../../ui/format';
import { Panel } from '../../ui/panels/Panel';

/** Does the time follow the work: sparse attention by its density, sparse products by how uneven their rows are. */
export function ShapePanel({ density, skew }: { readonly density: readonly DensityRow[]; readonly skew: readonly SkewRow[] }) {
  if (density.length === 0 && skew.length === 0) return null;
  return (
    <Panel title="Does time follow the work?" note="1 where it does; medians of the turns" id="work">
      <div className="bench-scroll">
        <table className="bench-table">
          <thead><tr><th scope="col" className="left">kernel</th><th scope="col">computed</th><th scope="col">time over dense, or over even rows</th><th scope="col">time over work</th></tr></thead>
          <tbody>
            {density.map((row) => (
              <tr key={`${row.kernel} ${row.what} ${row.share}`}>
                <th scope="row">{row.kernel}<small>{row.what}, {row.tokens} × {row.channels}</small></th>
                <td>{percent(row.share, 1)}</td><td>{number(row.ratio)}<small>{number(row.low)} to {number(row.high)}</small></td><td>{times(row.ratio / row.share)}</td>
              </tr>
            ))}
            {skew.map((row) => (
              <tr key={`${row.kernel} ${row.what}`}>
                <th scope="row">{row.kernel}<small>{row.what}</small></th>
                <td>{percent(1, 0)}</td><td>{number(row.ratio)}<small>{number(row.low)} to {number(row.high)}</small></td><td>{times(row.ratio)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

/** Whole labs on both engines: what the default engine of this device rests on. */
export function RunsPanel({ runs }: { readonly runs: readonly WholeRunRow[] }) {
  if (runs.length === 0) return null;
  return (
    <Panel title="Whole labs" note="inputs to first result, pipelines compiled, nothing remembered" id="runs">
      <table className="bench-table">
        <thead><tr><th scope="col" className="left">lab</th><th scope="col" className="left">engine</th><th scope="col">time</th><th scope="col">over TypeScript</th></tr></thead>
        <tbody>
          {runs.map(({ lab, engine, time, overTypeScript }) => (
            <tr key={`${lab} ${engine}`}><th scope="row">{lab}</th><td className="left">{engine}</td><td>{seconds(time.median)}</td><td>{overTypeScript && times(overTypeScript.ofMedians)}</td></tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
