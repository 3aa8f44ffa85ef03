import { ThemeButton } from './ThemeButton';

/** The bar over pages that are no lab. */
export function PageBar({ current }: { readonly current?: 'papers' | 'model' | 'device' | 'bench' }) {
  return (
    <header className="page-bar">
      <a className="word" href="#/">Paperkernels</a>
      <nav aria-label="Pages">
        <a href="#/" aria-current={current === 'papers' ? 'page' : undefined}>Papers</a>
        <a href="#/model" aria-current={current === 'model' ? 'page' : undefined}>Your model</a>
        <a href="#/device" aria-current={current === 'device' ? 'page' : undefined}>This device</a>
        <a href="#/bench" aria-current={current === 'bench' ? 'page' : undefined}>Benchmark</a>
      </nav>
      <ThemeButton className="page-bar-theme" />
    </header>
  );
}
