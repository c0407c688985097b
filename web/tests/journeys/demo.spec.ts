// The page of `freshet demo --page`, as the README shows it: torrents in six states at a real daemon. With UPDATE_SCREENSHOTS=1 the pictures
// of the README are made anew.

import { copyFile } from 'node:fs/promises';
import { examine, expect, row, screenshots, shoot, test as mocked } from './fixtures';
import { address, end, printed, start } from './programs';

const test = mocked.extend<{ url: string }>({
    url: async ({}, use) => {
        // More than a minute of download, so that it is not over before it is looked at.
        const demo = start('demo', '--page', '--size', '128MiB', '--rate', '512KiB');
        try {
            await use(await printed(demo, address));
        } finally {
            await end(demo);
        }
    },
});

test('shows the torrents of the demo, each in its state', async ({ page, url }) => {
    test.setTimeout(300_000);
    await page.goto(url);
    await expect(row(page, 'sample')).toContainText(/Downloading from \d of 3 peers/, { timeout: 30_000 });
    await expect(row(page, 'complete-and-seeding')).toContainText('Complete');
    await expect(row(page, 'stopped')).toContainText('Stopped');
    await expect(row(page, 'tracker-is-down')).toContainText('No peers', { timeout: 30_000 });
    await expect(row(page, 'waiting-for-metadata')).toContainText(/metadata/i);
    await expect(row(page, 'next-in-the-queue')).toContainText(/queue/i);
    await expect(page.getByRole('heading', { name: '6 torrents' })).toBeVisible();
    // By its address, so that nothing is selected and nothing has the focus.
    const hash = await row(page, 'sample').getAttribute('data-hash');
    await page.evaluate((hash) => (location.hash = `#/torrent/${hash}/overview`), hash);
    const details = page.getByRole('region', { name: 'Details' });
    await expect(details).toContainText('sample');
    await expect.poll(async () => Number(await details.getByRole('progressbar', { name: 'Progress' }).getAttribute('aria-valuenow')), { timeout: 120_000 }).toBeGreaterThanOrEqual(30);
    for (const scheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: scheme });
        await shoot(page, `page-${scheme}`);
        if (process.env.UPDATE_SCREENSHOTS === '1') await copyFile(`${screenshots}/page-${scheme}.png`, `../docs/images/page-${scheme}.png`);
    }
    await expect(row(page, 'sample')).toContainText('Downloading');
    await examine(page);
    await page.close();
});
