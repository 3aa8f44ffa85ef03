import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { staticSite } from './vite/static-site.ts';

export default defineConfig({
  base: './',
  plugins: [react(), staticSite()],
  worker: { format: 'es' },
  // scripts/budgets.mjs holds the sizes; TensorFlow.js alone is larger than Vite's warning.
  build: { rolldownOptions: { input: ['index.html', 'remote.html'] }, chunkSizeWarningLimit: 1000, manifest: true, target: 'es2023', modulePreload: { polyfill: false } },
});
