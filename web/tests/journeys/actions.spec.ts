// What is done to one torrent or to many.

import { hashOf, torrent } from '../mock/data';
import { expect, look, open, row, test } from './fixtures';

test('removes with data only by an explicit choice', async ({ page, daemon }) => {
    await open(page, daemon);
    await row(page, 'Librivox').click();
    await page.keyboard.press('Delete');
    const dialog = page.getByRole('dialog', { name: 'Remove this torrent?' });
    await expect(dialog.getByRole('checkbox')).not.toBeChecked();
    await dialog.getByRole('checkbox').check();
    await look(page, 'remove');
    await dialog.getByRole('button', { name: 'Remove and delete files' }).click();
    await expect(row(page, 'Librivox')).toBeHidden();
    expect(daemon.requests.find((request) => request.line === 'POST /torrents/bulk')?.body).toMatchObject({ action: 'remove', deleteFiles: true, hashes: [hashOf(9)] });
});

test('acts on many at once', async ({ page, daemon }) => {
    await open(page, daemon);
    await row(page, 'debian').click();
    await row(page, 'Physics').click({ modifiers: ['Shift'] });
    await row(page, 'Big Buck').click({ modifiers: ['ControlOrMeta'] });
    await expect(page.getByText('5 selected')).toBeVisible();
    await page.getByRole('toolbar').getByRole('button', { name: 'Labels' }).click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Labels' }).fill('together');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => [...daemon.torrents.values()].filter((each) => each.labels.includes('together')).length).toBe(5);
    expect(daemon.requests.filter((request) => request.line === 'POST /torrents/bulk')).toHaveLength(1);
});

test('moves torrents to another folder, and says why it cannot', async ({ page, daemon, complaints }) => {
    complaints.push('403');
    await open(page, daemon);
    await row(page, 'debian').click();
    await row(page, 'Sintel').click({ modifiers: ['Shift'] });
    await row(page, 'Sintel').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Move…', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Move 2 torrents' });
    await expect(dialog.getByRole('button', { name: 'Move' })).toBeDisabled();
    await dialog.getByLabel('Folder').fill('/etc');
    await dialog.getByRole('button', { name: 'Move' }).click();
    await expect(page.getByRole('log', { name: 'Messages' })).toContainText('does not lie in an allowed folder');
    await expect(dialog).toBeVisible();
    await dialog.getByLabel('Folder').fill('/data/films');
    await look(page, 'move');
    await dialog.getByRole('button', { name: 'Move' }).click();
    await expect(dialog).toBeHidden();
    expect(daemon.torrents.get(hashOf(0))?.folder).toBe('/data/films');
    expect(daemon.torrents.get(hashOf(1))?.folder).toBe('/data/films');
});

test('puts a torrent first in the queue, and lets one start without waiting', async ({ page, daemon }) => {
    daemon.reset([torrent(0, 'one', { state: 'queued', queuedBehind: 0 }), torrent(1, 'two', { state: 'queued', queuedBehind: 1 })]);
    await open(page, daemon);
    await row(page, 'two').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'First in the queue' }).click();
    await expect.poll(() => daemon.requests.find((request) => request.line === 'POST /torrents/bulk')?.body).toEqual({ action: 'queue-top', hashes: [hashOf(1)] });
    await row(page, 'two').click({ button: 'right' });
    await page.getByRole('menuitemcheckbox', { name: 'Start without waiting' }).click();
    await expect.poll(() => daemon.torrents.get(hashOf(1))?.forced).toBe(true);
    await row(page, 'two').dblclick();
    await expect(page.getByRole('region', { name: 'Details' })).toContainText('It does not wait for its turn');
});

test('gives a torrent limits of seeding of its own', async ({ page, daemon }) => {
    await open(page, daemon);
    await row(page, 'ubuntu').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Limits…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Limits of this torrent' });
    await expect(dialog.getByLabel('Ratio')).toBeHidden();
    await dialog.getByLabel('Limits of seeding of its own').check();
    await dialog.getByLabel('Ratio').fill('2');
    await dialog.getByLabel('Then').selectOption('remove');
    await dialog.getByLabel('To each peer').fill('50 KiB');
    await look(page, 'limits');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog).toBeHidden();
    expect(daemon.requests.findLast((request) => request.line === 'POST /torrents/bulk')?.body).toMatchObject({
        action: 'change', change: { ownSeedLimits: true, seedRatio: 2, seedTime: 0, seedIdleTime: 0, seedEnd: 'remove', maxPeerUploadRate: 51_200 },
    });
});

test('sets a limit of several torrents and leaves the rest of each alone', async ({ page, daemon }) => {
    await open(page, daemon);
    await row(page, 'ubuntu').click();
    await row(page, 'Sintel').click({ modifiers: ['Control'] });
    await row(page, 'Sintel').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Limits…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Limits of 2 torrents' });
    await expect(dialog.getByLabel('Peers', { exact: true })).toHaveAttribute('placeholder', 'Unchanged');
    await expect(dialog.getByRole('checkbox', { name: 'Ask its trackers' })).toHaveJSProperty('indeterminate', true);
    await dialog.getByLabel('Download').fill('1 MiB');
    await dialog.getByLabel('Upload', { exact: true }).fill('0');
    await dialog.getByLabel('As a seed, upload to').selectOption('Each in its turn');
    await dialog.getByRole('checkbox', { name: 'Start without waiting' }).check();
    await look(page, 'limits-several');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog).toBeHidden();
    const body = daemon.requests.findLast((request) => request.line === 'POST /torrents/bulk')?.body as { hashes: string[]; change: unknown };
    expect(body.hashes).toHaveLength(2);
    expect(body.change).toEqual({ maxDownloadRate: 1 << 20, maxUploadRate: 0, seedChoking: 'round-robin', forceStart: true });
});

test('says of how many something could not be done', async ({ page, daemon }) => {
    await open(page, daemon);
    await row(page, 'debian').click();
    await row(page, 'Sintel').click({ modifiers: ['Shift'] });
    await row(page, 'Sintel').click({ button: 'right' });
    // Somebody else was faster.
    daemon.torrents.clear();
    await page.getByRole('menuitem', { name: 'Check files again' }).click();
    await expect(page.getByRole('log', { name: 'Messages' })).toContainText('2 torrents could not be checked: There is no torrent');
});
