import { useEffect, useRef } from 'react';
import { bytes, count, percent } from '../../ui/format';
import { Marker } from '../../ui/markers/Marker';
import { Panel } from '../../ui/panels/Panel';
import { measureName, METHODS } from './methods';
import { reportWorker, useReport } from './store';

/** Reported and measured errors may differ by rounding in their last digits only. */
const SAME = 1e-6;

/** A file that was exported here: what is in it, and whether it is what was measured. */
export function ReadingPanel() {
  const { reading, readBack, closeReading } = useReport();
  const verdictLine = useRef<HTMLParagraphElement>(null);
  const name = reading?.quantized.name;
  useEffect(() => { if (name !== undefined) verdictLine.current?.scrollIntoView({ block: 'nearest' }); }, [name]);
  if (!reading) return null;
  const { quantized, tensors, state } = reading;
  const compared = tensors.filter((t) => t.measured !== undefined && t.reported !== undefined);
  const same = compared.filter((t) => Math.abs(t.measured! - t.reported!) <= SAME);
  const verdict = state === 'reading'
    ? `Reading, ${tensors.length} of ${count(quantized.tensors, 'tensor')}`
    : compared.length === 0
      ? `Open ${quantized.source} and drop this file again to compare them.`
      : same.length === compared.length ? `${count(compared.length, 'tensor')} read back: each has the error that was reported.` : `${compared.length - same.length} of ${count(compared.length, 'tensor')} differ from the report.`;
  return (
    <Panel title={`Read back: ${quantized.name}`} note={`${bytes(quantized.size)}, made from ${quantized.source}`} id="read-back">
      <p ref={verdictLine} className="read-verdict" role="status" data-verdict={state === 'reading' ? 'reading' : compared.length === 0 ? 'alone' : same.length === compared.length ? 'same' : 'differs'}>{verdict}</p>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="report-table-box" tabIndex={0} role="region" aria-label="Tensors read back">
        <table className="report-table">
          <thead><tr><th scope="col">tensor</th><th scope="col" className="left">stored as</th><th scope="col">error reported</th><th scope="col">error read back</th></tr></thead>
          <tbody>
            {tensors.map(({ tensor, id, bits, reported, measured }) => (
              <tr key={tensor}>
                <th scope="row">{tensor}</th>
                <td className="left"><span className="method-head"><Marker slot={METHODS[id].slot} />{measureName({ id, bits })}</span></td>
                <td>{reported === undefined ? '–' : percent(reported, 4)}</td><td>{measured === undefined ? '–' : percent(measured, 4)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="report-actions">
        {state === 'reading' && <button type="button" className="button button-outline" onClick={() => void reportWorker().cancel('read')}>Cancel, keep {tensors.length}</button>}
        {state === 'cancelled' && <button type="button" className="button button-outline" onClick={() => void readBack()}>Read again</button>}
        <button type="button" className="button" onClick={closeReading}>Close</button>
      </p>
    </Panel>
  );
}
