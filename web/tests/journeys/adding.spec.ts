// Torrents come: as files and links, by mouse and keyboard, or made of what is on the server.

import type { Page } from '@playwright/test';
import { drop, expect, look, magnet, open, row, tabTo, test, torrentFile } from './fixtures';

test('adds a file, with a choice of files, labels and a folder', async ({ page, daemon }) => {
    await open(page, daemon);
    await page.getByRole('button', { name: 'Add torrent' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Add a torrent' });
    await dialog.getByLabel('Torrent files').setInputFiles({ name: 'x.torrent', mimeType: 'application/x-bittorrent', buffer: torrentFile('A film') });
    await expect(dialog.getByRole('heading', { name: 'A film' })).toBeVisible();
    await dialog.getByRole('treeitem', { name: /^extras/ }).getByTitle('Skip').click();
    await expect(dialog.getByRole('treeitem', { name: /^A film/ })).toHaveAttribute('aria-checked', 'mixed');
    await dialog.getByRole('textbox', { name: 'Labels' }).fill('film,');
    await dialog.getByRole('textbox', { name: 'Labels' }).press('Enter');
    await dialog.getByLabel('Folder', { exact: true }).fill('/data/films');
    await expect(dialog.getByText(/free, .* afterwards/)).toBeVisible();
    await look(page, 'add-files');
    await dialog.getByLabel('Start at once').uncheck();
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(row(page, 'A film')).toBeVisible();
    await expect(dialog).toBeHidden();
    const added = daemon.requests.find((request) => request.line === 'POST /torrents')?.body;
    expect(added).toMatchObject({ folder: '/data/films', labels: ['film'], start: false, priorities: ['normal', 'skip', 'skip'] });
});

test('adds a file that is dropped anywhere', async ({ page, daemon }) => {
    await open(page, daemon);
    await drop(page, { file: torrentFile('Dropped') });
    await expect(page.getByRole('dialog').getByRole('heading', { name: 'Dropped' })).toBeVisible();
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(row(page, 'Dropped')).toBeVisible();
});

test('adds a magnet link that is dropped anywhere, with all that can be said beforehand', async ({ page, daemon }) => {
    await open(page, daemon);
    await expect(row(page, 'debian')).toBeVisible();
    await drop(page, { text: magnet });
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByRole('heading', { name: 'A magnet' })).toBeVisible();
    await dialog.getByText('More options').click();
    await dialog.getByLabel('Download limit').fill('slow');
    await expect(dialog.getByRole('button', { name: 'Add', exact: true })).toBeDisabled();
    await dialog.getByLabel('Download limit').fill('2 MiB');
    await dialog.getByLabel('Upload limit').fill('100 KiB');
    await dialog.getByLabel('Folder until complete').fill('/data/unfinished');
    await dialog.getByLabel('Peers').fill('192.0.2.1:6881, 192.0.2.2:6882');
    await dialog.getByLabel('Start without waiting for its turn').check();
    await look(page, 'add-magnet');
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(row(page, 'A magnet')).toBeVisible();
    expect(daemon.requests.find((request) => request.line === 'POST /torrents')?.body).toEqual({
        source: magnet, folder: '/data', start: true, sequential: false, maxDownloadRate: 2 << 20, maxUploadRate: 102_400, forceStart: true,
        incompleteFolder: '/data/unfinished', peers: ['192.0.2.1:6881', '192.0.2.2:6882'],
    });
});

test('says what is wrong with a file that is no torrent', async ({ page, daemon, complaints }) => {
    complaints.push('422');
    await open(page, daemon);
    await drop(page, { file: Buffer.from('hello') });
    await expect(page.getByRole('alert')).toContainText('It is not a .torrent');
    await expect(page.getByRole('button', { name: 'Add', exact: true })).toBeDisabled();
});

test('adds a pasted magnet link, finds its files first, and starts with those that were chosen', async ({ page, daemon }) => {
    await open(page, daemon);
    await expect(row(page, 'debian')).toBeVisible();
    await page.evaluate((text) => {
        const data = new DataTransfer();
        data.setData('text/plain', text);
        document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
    }, magnet);
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByRole('heading', { name: 'A magnet' })).toBeVisible();
    await dialog.getByRole('button', { name: 'Find its files first' }).click();
    await expect(dialog.getByText(/metadata is still to come/)).toBeVisible();
    daemon.patch('ab'.repeat(20), { hasMetadata: true, state: 'stopped', size: 2_000_000_000, left: 2_000_000_000, why: 'Stopped.' });
    await dialog.getByRole('treeitem', { name: /Episode 02/ }).getByTitle('Skip').click();
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(dialog).toBeHidden();
    expect(daemon.requests.find((request) => request.line === 'POST /torrents')?.body).toMatchObject({ stopAtMetadata: true });
    expect(daemon.requests.find((request) => request.line.startsWith('PATCH') && request.line.endsWith('/files'))?.body).toEqual({ files: [1], priority: 'skip' });
    expect(daemon.requests.find((request) => request.line === 'POST /torrents/bulk')?.body).toEqual({ action: 'start', hashes: ['ab'.repeat(20)] });
});

test('takes a magnet link that was only looked into away again', async ({ page, daemon }) => {
    await open(page, daemon, `?magnet=${encodeURIComponent(magnet)}`);
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Find its files first' }).click();
    await expect(dialog.getByText(/metadata is still to come/)).toBeVisible();
    await page.keyboard.press('Escape');
    await expect.poll(() => daemon.torrents.has('ab'.repeat(20))).toBe(false);
    expect(page.url()).not.toContain('magnet');
});

test('adds a torrent without a mouse', async ({ page, daemon }) => {
    await open(page, daemon);
    await expect(row(page, 'debian')).toBeVisible();
    await page.keyboard.press('a');
    const dialog = page.getByRole('dialog', { name: 'Add a torrent' });
    await expect(dialog.getByLabel('Links')).toBeFocused();
    await page.keyboard.type(magnet);
    await page.keyboard.press('Enter');
    await expect(dialog.getByRole('heading', { name: 'A magnet' })).toBeVisible();
    await tabTo(page, dialog.getByRole('textbox', { name: 'Labels' }));
    await page.keyboard.type('typed,');
    await tabTo(page, dialog.getByLabel('Start at once'));
    await page.keyboard.press('Space');
    await tabTo(page, dialog.getByRole('button', { name: 'Add', exact: true }));
    await page.keyboard.press('Enter');
    await expect(dialog).toBeHidden();
    await expect(row(page, 'A magnet')).toBeVisible();
    expect(daemon.requests.find((request) => request.line === 'POST /torrents')?.body).toMatchObject({ source: magnet, labels: ['typed'], start: false });
});

test('asks the browser to open magnet links here', async ({ page, daemon }) => {
    await page.addInitScript(() => {
        const asked: unknown[] = [];
        Object.assign(globalThis, { asked });
        Object.defineProperty(Navigator.prototype, 'registerProtocolHandler', { value: (...given: unknown[]) => asked.push(given) });
    });
    await open(page, daemon);
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'About Freshet' }).click();
    await page.getByRole('button', { name: 'Open magnet links here' }).click();
    expect(await page.evaluate(() => (globalThis as unknown as { asked: unknown }).asked)).toEqual([['magnet', `${daemon.url}/?magnet=%s`]]);
});

test('makes a torrent of a folder on the server, shows how far it is, and cancels', async ({ page, daemon, complaints }) => {
    complaints.push('403');
    await open(page, daemon);
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Create a torrent' }).click();
    const dialog = page.getByRole('dialog', { name: 'Create a torrent' });
    // As it is at first, and nobody wants a torrent of all that is ever downloaded.
    await expect(dialog.getByLabel('File or folder')).toHaveValue('/data/');
    await expect(dialog.getByRole('button', { name: 'Create', exact: true })).toBeDisabled();
    await dialog.getByLabel('File or folder').fill('/etc');
    await dialog.getByRole('button', { name: 'Create', exact: true }).click();
    await expect(dialog.getByText('does not lie in an allowed folder')).toBeVisible();
    await dialog.getByLabel('File or folder').fill('/data/films');
    await dialog.getByRole('textbox', { name: 'Trackers' }).fill('http://one/announce\nhttp://two/announce\n\nhttp://three/announce');
    await dialog.getByRole('button', { name: 'Create', exact: true }).click();
    await expect(dialog.getByText(/^25.*% of 4.*MiB/)).toBeVisible();
    await look(page, 'create');
    expect(daemon.requests.findLast((request) => request.line === 'POST /creations')?.body).toMatchObject({
        path: '/data/films', trackers: [['http://one/announce', 'http://two/announce'], ['http://three/announce']], seed: true,
    });
    daemon.creations = daemon.creations.map((job) => ({ ...job, state: 'done', done: job.total }));
    await expect(dialog.getByRole('link', { name: 'Save the .torrent of /data/films' })).toHaveAttribute('href', '/api/v1/creations/1/torrent');
    await dialog.getByRole('button', { name: 'Forget' }).click();
    await expect(dialog.getByRole('list', { name: 'Torrents being made' })).toBeHidden();
});

test('a second drop joins the first, and what was chosen stays', async ({ page, daemon }) => {
    await open(page, daemon);
    await drop(page, { file: torrentFile('First') });
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByRole('heading', { name: 'First' })).toBeVisible();
    await dialog.getByRole('textbox', { name: 'Labels' }).fill('kept,');
    await dialog.getByRole('textbox', { name: 'Labels' }).press('Enter');
    await drop(page, { file: torrentFile('Second') });
    await expect(page.getByRole('dialog', { name: 'Add 2 torrents' })).toBeVisible();
    await expect(dialog.getByText('kept', { exact: true })).toBeVisible();
    await dialog.getByRole('button', { name: 'Add 2' }).click();
    await expect(dialog).toBeHidden();
    expect(daemon.requests.filter((request) => request.line === 'POST /torrents').map((request) => request.body)).toMatchObject([{ labels: ['kept'] }, { labels: ['kept'] }]);
});

test('a drop does not throw another dialog away', async ({ page, daemon }) => {
    await open(page, daemon);
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Create a torrent' }).click();
    const dialog = page.getByRole('dialog', { name: 'Create a torrent' });
    await dialog.getByLabel('Comment').fill('typed');
    await drop(page, { file: torrentFile('Dropped') });
    await expect(dialog.getByRole('log', { name: 'Messages' })).toContainText('Close what is open first');
    await expect(dialog.getByLabel('Comment')).toHaveValue('typed');
    await dialog.getByRole('button', { name: 'Dismiss' }).click();
    await expect(dialog.getByText('Close what is open first')).toBeHidden();
});

for (const { how, leave } of [
    { how: 'by Escape', leave: (page: Page) => page.keyboard.press('Escape') },
    { how: 'one of two', leave: (page: Page) => page.getByRole('button', { name: 'Leave out A magnet' }).click() },
]) {
    test(`takes a magnet link away again that is given up while it is added: ${how}`, async ({ page, daemon }) => {
        await open(page, daemon);
        await drop(page, { file: torrentFile('Another') });
        await drop(page, { text: magnet });
        await page.getByRole('button', { name: /^A magnet/ }).click();
        const release = daemon.hold(/^POST \/torrents$/);
        await page.getByRole('button', { name: 'Find its files first' }).click();
        await expect.poll(() => daemon.requests.some((request) => request.line === 'POST /torrents')).toBe(true);
        await leave(page);
        await expect(page.getByRole('button', { name: /^A magnet/ })).toBeHidden();
        release();
        await expect.poll(() => daemon.requests.findLast((request) => request.line === 'POST /torrents/bulk')?.body).toEqual({
            action: 'remove', hashes: ['ab'.repeat(20)], deleteFiles: false,
        });
        expect(daemon.torrents.has('ab'.repeat(20))).toBe(false);
    });
}

test('tells the free space of the disk that a new folder will be on', async ({ page, daemon, complaints }) => {
    complaints.push('403', '404');
    await open(page, daemon);
    await drop(page, { file: torrentFile('A film') });
    const folder = page.getByRole('dialog').getByLabel('Folder', { exact: true });
    const help = page.getByText(/free, .* afterwards/);
    await expect(help).toHaveText(/^289 GiB free/);
    await folder.fill('/stick/new/newer');
    await expect(help).toHaveText(/^It does not exist yet and will be made. 1.8 GiB free/);
    await folder.fill('/etc');
    await expect(page.getByText('does not lie in an allowed folder')).toBeVisible();
    await expect(help).toBeHidden();
});
