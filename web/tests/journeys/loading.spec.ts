// What is not there yet says so, and is replaced by what was waited for.

import { hashOf } from '../mock/data';
import { expect, look, row, test } from './fixtures';

const torrent = `#/torrent/${hashOf(0)}`;
const views = [
    { name: 'list', fragment: '', asked: /^GET \/events$/, words: 'Loading the torrents…', landmark: /^debian-13/ },
    { name: 'files', fragment: `${torrent}/files`, asked: /\/files$/, words: 'Loading the files…', landmark: 'Season 1' },
    { name: 'peers', fragment: `${torrent}/peers`, asked: /\/peers$/, words: 'Loading the peers…', landmark: '192.0.2.10:6881' },
    { name: 'trackers', fragment: `${torrent}/trackers`, asked: /\/trackers$/, words: 'Loading the trackers…', landmark: /backup\.example\.org/ },
    { name: 'log', fragment: `${torrent}/log`, asked: /\/log$/, words: 'Loading the log…', landmark: /The tracker answered/ },
    { name: 'settings', fragment: '#/settings', asked: /\/settings$/, words: 'Loading the settings…', landmark: 'Allowed folders' },
    { name: 'statistics', fragment: '#/statistics', asked: /\/statistics$/, words: 'Loading…', landmark: 'In all runs' },
    { name: 'session log', fragment: '#/log', asked: /^GET \/log$/, words: 'Loading the log…', landmark: /The tracker answered/ },
];

for (const view of views) {
    test(`says that it loads: ${view.name}`, async ({ page, daemon }) => {
        const release = daemon.hold(view.asked);
        await page.goto(`${daemon.url}/${view.fragment}`);
        const waiting = page.getByRole('status').filter({ hasText: view.words });
        await expect(waiting.first()).toBeVisible();
        await expect(page.getByText(view.landmark)).toHaveCount(0);
        await look(page, `loading-${view.name}`);
        release();
        await expect(page.getByText(view.landmark).first()).toBeVisible();
        await expect(waiting).toHaveCount(0);
    });
}

test('says that it reads what is about to be added', async ({ page, daemon }) => {
    await page.goto(daemon.url);
    await expect(row(page, 'debian')).toBeVisible();
    const release = daemon.hold(/inspect$/);
    await page.keyboard.press('a');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Links').fill('ab'.repeat(20));
    await page.keyboard.press('Enter');
    await expect(dialog.getByRole('status')).toHaveText('Reading…');
    await expect(dialog.getByRole('button', { name: 'Add', exact: true })).toBeDisabled();
    release();
    await expect(dialog.getByRole('button', { name: 'Add', exact: true })).toBeEnabled();
});
