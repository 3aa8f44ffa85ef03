import { ideas, isBuilt, seeds } from '../papers';

/** The papers by idea, and what belongs to the whole page. */
export function Rail({ current, showKeys }: { readonly current: string; readonly showKeys: () => void }) {
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
                  : <span>{seed.name}<small>not yet</small></span>}
              </li>
            ))}
          </ul>
        </section>
      ))}
      <div className="rail-foot">
        <a href="#/device">This device</a>
        <button type="button" onClick={showKeys}>Keys&ensp;?</button>
      </div>
    </nav>
  );
}
