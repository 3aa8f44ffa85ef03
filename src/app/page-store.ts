/** What belongs to the page and to no lab: the engine, the theme, the toast. */

import { create } from 'zustand';
import { applyTheme, resolveTheme, watchSystemTheme, type ThemeChoice } from '../ui/theme';
import type { EngineChoice, EngineStatus } from './compute';
import { ComputeClient } from './compute-client';

export interface ToastMessage {
  readonly message: string;
  readonly action?: { readonly label: string; readonly onClick: () => void };
}

interface PageStore {
  readonly compute: ComputeClient;
  readonly status?: EngineStatus;
  /** Why no engine could be started at all. */
  readonly broken?: string;
  readonly themeChoice: ThemeChoice;
  readonly theme: 'light' | 'dark';
  readonly toast?: ToastMessage;
  startEngine(choice?: EngineChoice): Promise<void>;
  setTheme(choice: ThemeChoice, options?: { readonly keep?: boolean }): void;
  say(toast?: ToastMessage): void;
}

const KEY = 'paperkernels:theme';
const THEMES: readonly ThemeChoice[] = ['system', 'light', 'dark'];

/** Storage may be refused (a private window, an embedded frame): the theme is then only for this visit. */
function remembered(): ThemeChoice {
  try {
    const stored = localStorage.getItem(KEY);
    return THEMES.find((theme) => theme === stored) ?? 'system';
  } catch {
    return 'system';
  }
}

function remember(choice: ThemeChoice): void {
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // Not kept, then.
  }
}

export const usePage = create<PageStore>((set, get) => ({
  compute: new ComputeClient(),
  themeChoice: 'system',
  theme: 'light',
  async startEngine(choice = 'auto') {
    try {
      const status = await get().compute.start(choice, (next) => set({ status: next }));
      // The worker has told it already; another object would look like another engine and be asked to run once more.
      set((page) => ({ status: JSON.stringify(page.status) === JSON.stringify(status) ? page.status : status, broken: undefined }));
    } catch (error) {
      set({ broken: error instanceof Error ? error.message : String(error) });
    }
  },
  setTheme(choice, { keep = true } = {}) {
    if (keep) remember(choice);
    applyTheme(choice);
    set({ themeChoice: choice, theme: resolveTheme(choice) });
  },
  say: (toast) => set({ toast }),
}));

/** Called once by the entry. */
export function startPage(themeOfLink: ThemeChoice | undefined): void {
  const { setTheme, startEngine } = usePage.getState();
  setTheme(themeOfLink ?? remembered(), { keep: false });
  watchSystemTheme((theme) => {
    if (usePage.getState().themeChoice === 'system') usePage.setState({ theme });
  });
  void startEngine();
}
