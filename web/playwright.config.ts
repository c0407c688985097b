import { defineConfig } from '@playwright/test';

export default defineConfig({
    testDir: 'tests/journeys',
    outputDir: '../artifacts/web/results',
    reporter: [['list']],
    // Of a machine that does other things as well.
    timeout: 90_000,
    expect: { timeout: 10_000 },
    forbidOnly: true,
    retries: 0,
    workers: 2,
    use: {
        browserName: 'chromium',
        viewport: { width: 1440, height: 900 },
        launchOptions: { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage'] },
        trace: 'retain-on-failure',
    },
});
