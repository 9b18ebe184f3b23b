import { defineConfig } from 'vite';

/** The page goes to where the Python package ships it from. */
export default defineConfig({
  build: {
    outDir: '../../src/bestfix/surfaces/http/static',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
});
