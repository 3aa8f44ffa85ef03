import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { staticSite } from './vite/static-site';

export default defineConfig({
  base: './',
  plugins: [react(), staticSite()],
  worker: { format: 'es' },
  build: { manifest: true, target: 'es2023', modulePreload: { polyfill: false } },
});
