import type { ThemeChoice } from '../../ui/theme';
import { usePage } from '../page-store';

const NEXT: Readonly<Record<ThemeChoice, ThemeChoice>> = { system: 'light', light: 'dark', dark: 'system' };
const NAMES: Readonly<Record<ThemeChoice, string>> = { system: 'as the system', light: 'light', dark: 'dark' };

/** System, light, dark, in turn. */
export function ThemeButton({ className = 'button', changed }: { readonly className?: string; readonly changed?: (choice: ThemeChoice) => void }) {
  const { themeChoice, setTheme, say } = usePage();
  const next = NEXT[themeChoice];
  const change = (): void => {
    setTheme(next);
    changed?.(next);
    say({ message: `Theme: ${NAMES[next]}` });
  };
  return <button type="button" className={className} onClick={change} aria-label={`Theme, now ${NAMES[themeChoice]}`}>Theme</button>;
}
