import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const daemon = process.env.FRESHET_DAEMON ?? 'http://127.0.0.1:8690';

export default defineConfig({
    plugins: [svelte()],
    build: {
        target: 'es2022',
        // The page's content security policy forbids data: URLs, so nothing is inlined.
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        reportCompressedSize: true,
    },
    server: {
        proxy: { '/api': { target: daemon, changeOrigin: true } },
    },
    test: {
        include: ['src/**/*.test.ts'],
        environment: 'node',
    },
});
