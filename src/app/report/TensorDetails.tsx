import type { ModelTensor } from '../../inputs/model';
import type { ReportMeasure } from '../../report/contract';
import { Marker } from '../../ui/markers/Marker';
import { bits, bytes, count, decibels, number, percent } from '../../ui/format';
import { useWidth } from '../../ui/charts/useWidth';
import { formatPlace } from '../link';
import { isBuilt } from '../lab-modules';
import { seedOf } from '../papers';
import { bulkText } from './columns';
import { Distribution } from './Distribution';
import { METHODS } from './methods';
import type { Row } from './rows';

const LABS = ['squeezellm', 'svdquant'] as const;
/** Weights beyond which a lab, which holds every stage at once and sweeps over it, would take too long. */
const LAB_LIMIT = 4_200_000;

const labLink = (lab: string, { name, file }: ModelTensor): string =>
  formatPlace({ path: `/${lab}`, query: new URLSearchParams({ v: '1', weights: file.replace(/\.npy$/i, '') === name ? file : `${file}#${name}` }) });

function LabLinks({ tensor }: { readonly tensor: ModelTensor }) {
  const [rows, cols] = tensor.matrix ?? [0, 0];
  if (rows * cols === 0) return null;
  if (rows * cols > LAB_LIMIT) return <p className="details-note">Too large for a lab: {rows} × {cols} is more than the {(LAB_LIMIT / 1e6).toFixed(1)} million weights that one shows at once.</p>;
  return (
    <p className="details-labs">
      {LABS.filter(isBuilt).map((lab) => <a key={lab} className="button button-outline" href={labLink(lab, tensor)}>Open in the {seedOf(lab)?.name} lab</a>)}
    </p>
  );
}

const byBits = (a: ReportMeasure, b: ReportMeasure): number => a.bitsPerWeight - b.bitsPerWeight;

/** One tensor: its values, and every method and width that was measured of it. */
export function TensorDetails({ row: { tensor, report, skipped, best } }: { readonly row: Row }) {
  const [figure, width] = useWidth<HTMLElement>(420);
  if (skipped !== undefined) return <p className="details-note">Not measured: {skipped}</p>;
  if (!report) return <p className="details-note"><b>{tensor.name}</b>, {bytes(tensor.bytes)}: not measured yet.</p>;
  const { stats } = report;
  const measures = [...report.methods, ...report.others].sort(byBits);
  return (
    <div className="details">
      <section className="details-about" aria-label={tensor.name}>
        <h3>{tensor.name}</h3>
        <p className="details-note">
          {tensor.file}, {tensor.dtype}, {bytes(tensor.bytes)}{tensor.shape.length > 2 && `, read as ${report.matrix[0]} × ${report.matrix[1]}`}
          {report.sampledRows !== undefined && `, ${count(report.sampledRows, 'row')} of ${report.matrix[0]} measured`}
        </p>
        <figure ref={figure}>
          <Distribution stats={stats} width={Math.max(200, width)} height={120} large />
          <figcaption>Values, counts on a log scale. Outliers in colour.</figcaption>
        </figure>
        <dl className="details-stats">
          {([['Least', stats.min], ['Mean', stats.mean], ['Greatest', stats.max], ['Spread', stats.std], ['Spread of the bulk', stats.bulk], ['Excess kurtosis', stats.excessKurtosis]] as const).map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{number(value)}</dd></div>)}
          <div><dt>Outliers</dt><dd>{percent(stats.outlierShare)}</dd></div>
        </dl>
        {report.notes?.map((note) => <p key={note} className="details-note">{note}</p>)}
        <LabLinks tensor={tensor} />
      </section>
      <table className="details-methods">
        <thead><tr><th scope="col">Method</th><th scope="col">bits of<br />the codes</th><th scope="col">relative<br />error</th><th scope="col">error<br />/ bulk %</th><th scope="col">SQNR<br />dB</th><th scope="col">bits per<br />weight</th></tr></thead>
        <tbody>
          {measures.map((m) => (
            <tr key={`${m.id} ${m.bits}`} className={m === best ? 'details-best' : undefined}>
              <th scope="row"><span><Marker slot={METHODS[m.id].slot} />{METHODS[m.id].label}{m === best && <small> best within the budget</small>}</span></th>
              <td>{m.bits}</td><td>{percent(m.relativeError)}</td><td>{bulkText(m)}</td><td>{decibels(m.sqnrDb)}</td><td>{bits(m.bitsPerWeight)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
