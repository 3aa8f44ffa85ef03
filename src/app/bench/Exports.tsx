import { usePage } from '../page-store';
import { download } from '../../ui/export/download';
import { reportJson, reportMarkdown } from './export';
import { useBench } from './store';

/** The whole report: JSON in the command line's form, and Markdown for a document. */
export function Exports() {
  const { report, ran, phase } = useBench();
  const say = usePage((page) => page.say);
  const why = report ? undefined : phase === 'running' ? 'The run is under way.' : 'The run did not come to its end.';
  const save = (name: string, text: string, type: string): void => {
    download(name, text, type);
    say({ message: `Saved ${name}` });
  };
  const copy = async (): Promise<void> => {
    if (!report || !ran) return;
    const text = reportMarkdown(report, ran.at);
    try {
      await navigator.clipboard.writeText(text);
      say({ message: 'Markdown copied' });
    } catch {
      save('benchmark.md', text, 'text/markdown');
    }
  };
  return (
    <span>
      <button type="button" className="button button-outline" disabled={!report} title={why} onClick={() => report && ran && save('benchmark.json', reportJson(report, ran.at), 'application/json')}>Save JSON</button>
      <button type="button" className="button" disabled={!report} title={why} onClick={() => void copy()}>Copy Markdown</button>
    </span>
  );
}
