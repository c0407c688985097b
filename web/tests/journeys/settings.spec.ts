// The settings of the session and of the page.

import { hashOf } from '../mock/data';
import { expect, look, open, row, tabTo, test } from './fixtures';

test('sets limits, and says what is wrong with them as one types', async ({ page, daemon }) => {
    await open(page, daemon, '#/settings');
    const download = page.getByRole('group', { name: 'Speed' }).getByLabel('Download');
    await download.fill('fast');
    await expect(page.getByText('Write a rate such as 500 KiB or 2 MiB, or nothing.')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Save' })).toBeDisabled();
    await download.fill('2 MiB');
    await page.getByLabel('Connections (peers)').fill('1');
    await expect(page.getByText('A whole number from 2 to 65,535.')).toBeVisible();
    await page.getByLabel('Connections (peers)').fill('200');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => daemon.settings).toMatchObject({ maxDownloadRate: 2 << 20, maxConnections: 200 });
    await page.getByRole('button', { name: 'Turtle mode: alternative limits' }).click();
    await expect.poll(() => daemon.settings.alternativeLimits).toBe(true);
    await page.getByRole('link', { name: 'Freshet, all torrents' }).click();
    await expect(page.getByText('Turtle mode', { exact: true })).toBeVisible();
});

test('sets the queue, limits of seeding and hours of the week', async ({ page, daemon }) => {
    await open(page, daemon, '#/settings');
    await page.getByLabel('Downloads at once').fill('3');
    const seeding = page.getByRole('group', { name: 'Seeding' });
    await seeding.getByLabel('Ratio').fill('1.5');
    await seeding.getByLabel('Time (minutes)').fill('90');
    await page.getByRole('button', { name: 'Add hours' }).click();
    const hours = page.getByRole('group', { name: 'Hours 1' });
    await hours.getByRole('button', { name: 'Friday' }).click();
    await hours.getByLabel('to', { exact: true }).fill('00:00');
    await hours.getByLabel('Upload').fill('');
    await expect(hours.getByPlaceholder('As usual')).toHaveCount(2);
    await page.getByRole('button', { name: 'Add hours' }).click();
    const night = page.getByRole('group', { name: 'Hours 2' });
    await night.getByLabel('Download').fill('0');
    await expect(night.getByText('No limit.')).toBeVisible();
    await look(page, 'schedule');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => daemon.settings).toMatchObject({
        maxActiveDownloads: 3, seedRatio: 1.5, seedTime: 5400,
        schedule: [{ days: ['mon', 'tue', 'wed', 'thu'], from: '08:00', to: '24:00', maxDownloadRate: 1 << 20, maxUploadRate: null }, { maxDownloadRate: 0, maxUploadRate: 256 << 10 }],
    });
    await expect(hours.getByRole('button', { name: 'Friday' })).toHaveAttribute('aria-pressed', 'false');
    for (const day of ['Monday', 'Tuesday', 'Wednesday', 'Thursday']) await hours.getByRole('button', { name: day }).click();
    await expect(hours.getByText('Choose at least one day.')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Save' })).toBeDisabled();
    // What was saved reads as it was written.
    await page.reload();
    await expect(hours.getByLabel('Upload')).toHaveValue('');
    await expect(night.getByLabel('Download')).toHaveValue('0');
});

test('changes a setting without a mouse', async ({ page, daemon }) => {
    await open(page, daemon);
    await expect(row(page, 'debian')).toBeVisible();
    await page.keyboard.press(',');
    await tabTo(page, page.getByRole('group', { name: 'Speed' }).getByLabel('Upload'));
    await page.keyboard.type('3 MiB');
    await tabTo(page, page.getByLabel('Slow torrents do not count'));
    await page.keyboard.press('Space');
    await tabTo(page, page.getByRole('button', { name: 'Save' }));
    await page.keyboard.press('Enter');
    await expect.poll(() => daemon.requests.find((request) => request.line === 'PATCH /session/settings')?.body).toEqual({ maxUploadRate: 3 << 20, ignoreSlow: false });
    await tabTo(page, page.getByRole('button', { name: 'Back to the list' }));
    await page.keyboard.press('Enter');
    await expect(row(page, 'debian')).toBeVisible();
});

test('tells by the desktop that a torrent is complete, if that is wanted', async ({ page, daemon }) => {
    await page.addInitScript(() => {
        const told: unknown[] = [];
        const Told = Object.assign(function (title: string, options: NotificationOptions) {
            told.push({ title, body: options.body });
        }, { permission: 'default', requestPermission: async () => (Told.permission = 'granted') });
        Object.assign(globalThis, { Notification: Told, told });
    });
    const told = (): Promise<unknown> => page.evaluate(() => (globalThis as unknown as { told: unknown }).told);
    await open(page, daemon, '#/settings');
    const box = page.getByRole('checkbox', { name: /^Notify when a torrent is complete/ });
    await expect(box).not.toBeChecked();
    await page.getByRole('button', { name: 'Back to the list' }).click();
    daemon.patch(hashOf(0), { name: 'before it was wanted', state: 'seeding', progress: 1, completedAt: new Date().toISOString() });
    await expect(row(page, 'before it was wanted')).toBeVisible();
    await page.keyboard.press(',');
    await box.check();
    await page.getByRole('button', { name: 'Back to the list' }).click();
    daemon.patch(hashOf(1), { state: 'seeding', progress: 1, left: 0, completedAt: new Date().toISOString() });
    await expect.poll(told).toEqual([{ title: 'Sintel.2010.2160p.OpenMovie', body: 'The torrent is complete.' }]);
});

test('keeps what is typed while a save is under way', async ({ page, daemon }) => {
    await open(page, daemon, '#/settings');
    const connections = page.getByLabel('Connections (peers)');
    await connections.fill('200');
    const release = daemon.hold(/^PATCH \/session\/settings$/);
    await page.getByRole('button', { name: 'Save' }).click();
    const downloads = page.getByLabel('Downloads at once');
    await downloads.fill('7');
    release();
    await expect(page.getByRole('log', { name: 'Messages' })).toContainText('Saved.');
    await expect(downloads).toHaveValue('7');
    await expect(downloads).toBeFocused();
    await expect(connections).toHaveValue('200');
    await expect(page.getByText('1 change', { exact: true })).toBeVisible();
    expect(daemon.settings).toMatchObject({ maxConnections: 200, maxActiveDownloads: 5 });
});
