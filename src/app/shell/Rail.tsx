import { isBuilt } from '../lab-modules';
import { ideas, seeds } from '../papers';

/** The papers by idea, and what belongs to the whole page. Papers that are not built stand back; one line says why. */
export function Rail({ current, showKeys }: { readonly current: string; readonly showKeys: () => void }) {
  const waiting = seeds.some((seed) => !isBuilt(seed.id));
  return (
    <nav className="rail" aria-label="Papers">
      <a className="word" href="#/">Paperkernels</a>
      {ideas.map(({ name }) => (
        <section key={name} aria-label={name}>
          <h2>{name}</h2>
          <ul>
            {seeds.filter((seed) => seed.idea === name).map((seed) => (
              <li key={seed.id}>
                {isBuilt(seed.id)
                  ? <a href={`#/${seed.id}`} aria-current={seed.id === current ? 'page' : undefined}>{seed.name}{seed.core && <small>core</small>}</a>
                  : <span title="Not yet built">{seed.name}<span className="visually-hidden">, not yet built</span></span>}
              </li>
            ))}
          </ul>
        </section>
      ))}
      {waiting && <p className="rail-note" aria-hidden="true">Grey: not yet built</p>}
      <div className="rail-foot">
        <a href="#/model">Your model</a>
        <a href="#/device">This device</a>
        <a href="#/bench">Benchmark</a>
        <button type="button" onClick={showKeys}>Keys&ensp;?</button>
      </div>
    </nav>
  );
}
