import type { ReactNode } from 'react';
import type { CaseVerdict, CompileMessage } from '../compute';
import { SCROLLS } from '../shell/scrolls';

interface VerdictProps {
  readonly checked: { readonly running: boolean; readonly messages: readonly CompileMessage[]; readonly cases: readonly CaseVerdict[] };
  readonly children: ReactNode;
}

const shortNumber = (x: number): string => (Number.isInteger(x) ? String(x) : x.toPrecision(4)).replace('-', '−');
const numbers = (values: readonly number[]): string => `[${values.map(shortNumber).join(', ')}${values.length === 8 ? ', …' : ''}]`;

/** The verdict first, then each case: input, oracle, this kernel. */
export function Verdict({ checked: { running, messages, cases }, children }: VerdictProps) {
  const errors = messages.filter(({ type }) => type === 'error').length;
  const wrong = cases.filter(({ ok }) => !ok);
  const failed = errors > 0 || wrong.length > 0;
  const say = errors > 0
    ? `It does not compile: ${errors} ${errors === 1 ? 'error' : 'errors'}, below at the line`
    : running
      ? `Running, ${cases.length} ${cases.length === 1 ? 'output' : 'outputs'} compared …`
      : wrong.length > 0
        ? `${wrong.length} of ${cases.length} outputs differ from the oracle`
        : `All ${cases.length} outputs of the case table agree with the oracle`;
  const shown = [...wrong, ...cases.filter(({ ok }) => ok)];
  return (
    <div className="kernel-verdict" data-verdict={running ? 'running' : failed ? 'differs' : 'agrees'}>
      <div>
        <output className={failed ? 'verdict-line verdict-failed' : 'verdict-line'}>
          {!running && (
            <svg width="11" height="11" viewBox="0 0 12 12" fill="none" stroke="currentColor" strokeWidth="2" aria-hidden="true">
              <path d={failed ? 'M2 2 10 10M10 2 2 10' : 'M1.5 6.5 4.8 10 10.5 2'} />
            </svg>
          )}
          {say}
        </output>
        <p className="kernel-actions">{children}</p>
      </div>
      {shown.length > 0 && (
        <section className="verdict-cases" aria-label="Cases" {...SCROLLS}>
          <table className="kernel-table">
            <thead><tr><th scope="col">Case</th><th scope="col">Output</th><th scope="col">Verdict</th><th scope="col">Input</th><th scope="col">Oracle</th><th scope="col">This kernel</th></tr></thead>
            <tbody>
              {shown.map((verdict) => (
                <tr key={`${verdict.name}/${verdict.output}`}>
                  <td>{verdict.name}</td>
                  <td><code>{verdict.output}</code></td>
                  <td className={verdict.ok ? undefined : 'verdict-failed'}>{verdict.ok ? `agrees, ${verdict.detail}` : verdict.detail}</td>
                  <td><code>{verdict.preview && numbers(verdict.preview.input)}</code></td>
                  <td><code>{verdict.preview && numbers(verdict.preview.oracle)}</code></td>
                  <td><code>{verdict.preview && numbers(verdict.preview.kernel)}</code></td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </div>
  );
}
