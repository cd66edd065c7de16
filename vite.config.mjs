import { defineConfig } from 'vite';

// The page: built once into the package and served from it, with nothing fetched from elsewhere.
export default defineConfig({
  root: 'src/web',
  base: './',
  publicDir: false,
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    // The packages of which something is in the page, with the notices that minification takes out.
    license: { fileName: 'licences.json' },
    target: 'es2022',
    // The server's Content-Security-Policy allows no inline data for scripts and styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What several parts share comes as one file: each request delays the first picture.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'shared', minShareCount: 2 }] } } },
  },
});
