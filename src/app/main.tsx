import { createRoot } from 'react-dom/client';
import { App } from './App';
import { readPlace } from './link';
import { startPage, usePage } from './page-store';

const { path, query } = readPlace();
const theme = query.get('theme');
startPage(theme === 'light' || theme === 'dark' || theme === 'system' ? theme : undefined);
const lab = path.slice(1);
// The worker computes while the page is built.
if (lab) usePage.getState().compute.prepare(lab, query.toString());

createRoot(document.getElementById('root')!).render(<App />);

if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  // Without it the page works just as well, but not without a network.
  const register = (): void => void navigator.serviceWorker.register('./sw.js').catch(() => undefined);
  if (document.readyState === 'complete') register();
  else addEventListener('load', register);
}
