/** Light, dark, or what the system asks for. The stylesheet follows `data-theme`; heatmaps follow `resolveTheme`. */

export type ThemeChoice = 'system' | 'light' | 'dark';

const systemDark = (): MediaQueryList | undefined =>
  typeof matchMedia === 'function' ? matchMedia('(prefers-color-scheme: dark)') : undefined;

export const resolveTheme = (choice: ThemeChoice): 'light' | 'dark' =>
  choice === 'system' ? (systemDark()?.matches ? 'dark' : 'light') : choice;

/** Sets (or, for the system's theme, removes) `data-theme` on the document. */
export function applyTheme(choice: ThemeChoice, root: HTMLElement = document.documentElement): void {
  if (choice === 'system') delete root.dataset.theme;
  else root.dataset.theme = choice;
}

/** Calls back whenever the system's preference changes; returns the way to stop. */
export function watchSystemTheme(changed: (theme: 'light' | 'dark') => void): () => void {
  const query = systemDark();
  const listener = (event: MediaQueryListEvent): void => changed(event.matches ? 'dark' : 'light');
  query?.addEventListener('change', listener);
  return () => query?.removeEventListener('change', listener);
}
