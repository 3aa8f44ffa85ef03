import type { BenchRow, ColdRow } from '../../bench/report';
import { axisFromZero } from '../../ui/charts/scale';
import { seconds } from '../../ui/format';
import { Panel } from '../../ui/panels/Panel';

/** Pipelines by the time that compiling them took, the longest first. */
const compiled = (rows: readonly BenchRow[]): readonly (BenchRow & { readonly compile: number })[] =>
  rows.flatMap((row) => (row.compile === undefined ? [] : [{ ...row, compile: row.compile }])).sort((a, b) => b.compile - a.compile);

/** What comes before the first result, apart from the times of the table: loading, opening, compiling. */
export function ColdPanel({ cold, rows }: { readonly cold: readonly ColdRow[]; readonly rows: readonly BenchRow[] }) {
  const pipelines = compiled(rows);
  if (cold.length === 0 && pipelines.length === 0) return null;
  const longest = axisFromZero(cold.map(({ total }) => total));
  const total = pipelines.reduce((sum, { compile }) => sum + compile, 0);
  return (
    <Panel title="Cold start" note="never part of the times above" id="cold">
      {cold.length > 0 && (
        <ul className="cold">
          {cold.map((row) => (
            <li key={`${row.contender} ${row.what}`} data-cold={row.contender}>
              <span className="cold-name">{row.contender}<small>{row.what}</small></span>
              <span className="cold-bar">
                {row.steps.map(({ label, seconds: took }, i) => <i key={label} title={`${label} ${seconds(took)}`} data-step={i % 3} style={{ width: `${100 * longest.along(took)}%` }} />)}
                <b>{seconds(row.total)}</b>
              </span>
              <small className="cold-steps">{row.steps.map(({ label, seconds: took }) => `${label} ${seconds(took)}`).join(', ')}{row.fresh ? '' : ', in this page'}</small>
            </li>
          ))}
        </ul>
      )}
      {pipelines.length > 0 && (
        <>
          <p className="cold-sum"><b>{seconds(total)}</b> to compile {pipelines.length} pipelines of ours one by one; the slowest, {pipelines[0].kernel} ({pipelines[0].contender}), {seconds(pipelines[0].compile)}. What the browser has kept from before takes less.</p>
          <details className="cold-pipelines">
            <summary>Each pipeline</summary>
            <ol>{pipelines.map(({ kernel, contender, compile }) => <li key={`${kernel} ${contender}`}><span>{kernel} <small>{contender}</small></span> {seconds(compile)}</li>)}</ol>
          </details>
        </>
      )}
    </Panel>
  );
}
