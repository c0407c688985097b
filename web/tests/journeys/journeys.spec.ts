// What people do with the page, at a mock daemon: the states are made by the test.

import { readFile } from 'node:fs/promises';
import { hashOf, hostileName, hostileWords, torrent } from '../mock/data';
import { drop, expect, look, open, row, tabTo, test } from './fixtures';

const torrentFile = (name: string): Buffer => Buffer.from(`d4:infod6:lengthi5e4:name${name.length}:${name}12:piece lengthi16384e6:pieces0:ee`, 'latin1');
const magnet = `magnet:?xt=urn:btih:${'ab'.repeat(20)}&dn=A+magnet`;

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

test('makes a torrent of a folder on the server, shows how far it is, and cancels', async ({ page, daemon, complaints }) => {
    complaints.push('403');
    await open(page, daemon);
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Create a torrent' }).click();
    const dialog = page.getByRole('dialog', { name: 'Create a torrent' });
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

test('filters, searches and sorts', async ({ page, daemon }) => {
    await open(page, daemon);
    const grid = page.getByRole('grid', { name: 'Torrents' });
    await page.getByRole('button', { name: /^Needs attention/ }).click();
    await expect(page.getByRole('heading', { name: '4 torrents' })).toBeVisible();
    await page.getByRole('button', { name: 'Remove the filter Needs attention' }).click();
    await page.getByRole('button', { name: /^film/ }).click();
    await expect(grid.getByRole('row')).toHaveCount(3);
    await page.keyboard.press('/');
    await page.keyboard.type('bunny');
    await expect(grid.getByRole('row')).toHaveCount(2);
    await page.keyboard.type(' nothing');
    await expect(page.getByText('No torrent matches')).toBeVisible();
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByRole('button', { name: 'Size' }).click();
    await expect(page.getByRole('columnheader', { name: 'Size' })).toHaveAttribute('aria-sort', 'descending');
    await expect(grid.getByRole('row').nth(1)).toContainText('Gutenberg');
});

test('does everything by keyboard', async ({ page, daemon }) => {
    await open(page, daemon);
    const grid = page.getByRole('grid', { name: 'Torrents' });
    await expect(row(page, 'debian')).toBeVisible();
    await grid.focus();
    await page.keyboard.press('j');
    await page.keyboard.press('Shift+ArrowDown');
    await expect(page.getByText('2 selected')).toBeVisible();
    await page.keyboard.press('s');
    await expect.poll(() => daemon.torrents.get(hashOf(1))?.state).toBe('stopped');
    await page.keyboard.press('Escape');
    await expect(page.getByText('12 torrents')).toBeVisible();
    // Rows that update do not take the focus away.
    daemon.patch(hashOf(2), { progress: 0.4, name: 'ubuntu renamed' });
    await expect(row(page, 'ubuntu renamed')).toBeVisible();
    await expect(grid).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('region', { name: 'Details' })).toContainText('ubuntu renamed');
    await page.getByRole('tab', { name: 'Overview' }).focus();
    await page.keyboard.press('ArrowRight');
    await expect(page.getByRole('tree', { name: 'Files' })).toBeVisible();
    await page.getByRole('tree', { name: 'Files' }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await expect.poll(() => daemon.files.get(hashOf(2))?.some((file) => file.path.includes('Extras/Music') && file.priority === 'normal')).toBe(true);
    await page.keyboard.press('Escape');
    await expect(grid).toBeFocused();
    await page.keyboard.press('Shift+F10');
    await expect(page.getByRole('menu')).toBeVisible();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog', { name: /^Remove/ })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
    await look(page, 'keys');
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

test('shows the columns that were chosen, in their order, and keeps them', async ({ page, daemon }) => {
    await open(page, daemon);
    const heads = page.getByRole('grid', { name: 'Torrents' }).getByRole('columnheader');
    await expect(heads).toHaveText(['Name', 'Size', 'Done', 'Down', 'Up', 'Time left', 'Peers', 'Ratio']);
    await page.getByRole('button', { name: 'Order and columns' }).click();
    await page.getByRole('menuitem', { name: 'Columns…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Columns' });
    await expect(dialog.getByRole('checkbox', { name: 'Name' })).toBeDisabled();
    for (const column of ['Size', 'Connected peers', 'Time left']) await dialog.getByRole('checkbox', { name: column }).uncheck();
    await dialog.getByRole('checkbox', { name: 'State' }).check();
    for (let step = 0; step < 4; step++) await dialog.getByRole('button', { name: 'Move State forwards' }).click();
    await expect(dialog.getByRole('button', { name: 'Move State forwards' })).toBeDisabled();
    await dialog.getByRole('button', { name: 'Move Upload rate backwards' }).click();
    await dialog.getByRole('button', { name: 'Done' }).click();
    const chosen = ['Name', 'State', 'Done', 'Down', 'Ratio', 'Up'];
    await expect(heads).toHaveText(chosen);
    // Without its column, the time left is in the sentence.
    await expect(row(page, 'debian')).toContainText('55 s left');
    await page.reload();
    await expect(heads).toHaveText(chosen);
    await page.getByRole('button', { name: 'Order and columns' }).click();
    await page.getByRole('menuitem', { name: 'Columns…' }).click();
    await dialog.getByRole('button', { name: 'Default' }).click();
    await expect(heads).toHaveCount(8);
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

test('shows how soon each peer answers', async ({ page, daemon }) => {
    await open(page, daemon, `#/torrent/${hashOf(0)}/peers`);
    const peers = page.getByRole('table', { name: 'Peers' });
    await expect(peers.getByRole('columnheader', { name: 'Answer' })).toBeVisible();
    await expect(peers.getByRole('row').filter({ hasText: '192.0.2.10:6881' })).toContainText('211 ms');
    await expect(peers.getByRole('row').filter({ hasText: '192.0.2.10:6881' })).toContainText('480 ms');
});

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

test('shows how far a move is, and cancels it', async ({ page, daemon }) => {
    await open(page, daemon);
    daemon.patch(hashOf(0), { move: { folder: '/data/films', done: 250_000_000, total: 1_000_000_000 } });
    await expect(row(page, 'debian')).toContainText('Moving its files to /data/films · 25.0 %');
    await row(page, 'debian').dblclick();
    const bar = page.getByRole('progressbar', { name: 'Move of its files' });
    await expect(bar).toHaveAttribute('aria-valuenow', '25');
    daemon.patch(hashOf(0), { move: { folder: '/data/films', done: 750_000_000, total: 1_000_000_000 } });
    await expect(bar).toHaveAttribute('aria-valuenow', '75');
    await look(page, 'moving');
    await page.getByRole('button', { name: 'Cancel the move' }).click();
    await expect(bar).toBeHidden();
    await expect(row(page, 'debian')).not.toContainText('Moving');
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
    await look(page, 'schedule');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => daemon.settings).toMatchObject({
        maxActiveDownloads: 3, seedRatio: 1.5, seedTime: 5400,
        schedule: [{ days: ['mon', 'tue', 'wed', 'thu'], from: '08:00', to: '24:00', maxDownloadRate: 1 << 20, maxUploadRate: 0 }],
    });
    await expect(hours.getByRole('button', { name: 'Friday' })).toHaveAttribute('aria-pressed', 'false');
    for (const day of ['Monday', 'Tuesday', 'Wednesday', 'Thursday']) await hours.getByRole('button', { name: day }).click();
    await expect(hours.getByText('Choose at least one day.')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Save' })).toBeDisabled();
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

test('shows web seeds, countries and whether peers can connect', async ({ page, daemon }) => {
    await open(page, daemon, `#/torrent/${hashOf(0)}/trackers`);
    await expect(page.getByRole('list', { name: 'Web seeds' })).toContainText('the server answered 503');
    await page.getByRole('tab', { name: 'Peers' }).click();
    await expect(page.getByTitle('Germany').first()).toHaveText('DE');
    await page.getByRole('button', { name: 'Statistics' }).click();
    await expect(page.getByRole('region', { name: 'Network' })).toContainText('TCP 6881, UDP 6881 by UPnP, seen as 203.0.113.7');
    daemon.tell({ session: { reachable: false } });
    await page.getByRole('button', { name: 'Back to the list' }).click();
    await expect(page.getByRole('button', { name: 'Peers cannot connect' })).toBeVisible();
});

test('renames a folder of files', async ({ page, daemon }) => {
    await open(page, daemon, `#/torrent/${hashOf(1)}/files`);
    await page.getByRole('treeitem', { name: /^Season 1/ }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Rename…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Rename the folder' });
    await dialog.getByLabel('Path').fill('Sintel.2010.2160p.OpenMovie/First season');
    await dialog.getByRole('button', { name: 'Rename' }).click();
    await expect(page.getByRole('treeitem', { name: /^First season/ })).toBeVisible();
});

test('edits the trackers of a torrent', async ({ page, daemon }) => {
    await open(page, daemon, `#/torrent/${hashOf(1)}/trackers`);
    await page.getByRole('button', { name: 'Edit…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit the trackers' });
    const urls = dialog.getByLabel('Announce URLs');
    await expect(urls).toHaveValue('http://tracker.example.org/0123456789abcdef/announce\n\nudp://backup.example.org:6969/announce');
    await expect(urls).toBeFocused();
    await expect(dialog.getByRole('button', { name: 'Save' })).toBeDisabled();
    await urls.fill('http://one.example/announce\nhttp://two.example/announce\n\nudp://three.example:6969');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog).toBeHidden();
    expect(daemon.requests.findLast((request) => request.line.startsWith('PATCH /torrents/'))?.body).toEqual({
        trackers: [['http://one.example/announce', 'http://two.example/announce'], ['udp://three.example:6969']],
    });
});

test('loses nothing when the connection breaks', async ({ page, daemon, complaints }) => {
    complaints.push('ERR_', 'network error');
    await open(page, daemon);
    await expect(row(page, 'debian')).toBeVisible();
    daemon.patch(hashOf(0), { name: 'before' });
    await expect(row(page, 'before')).toBeVisible();
    const streamsBefore = daemon.requests.filter((request) => request.line === 'GET /events').length;
    daemon.dropStreams();
    daemon.patch(hashOf(0), { name: 'missed meanwhile' });
    await expect(row(page, 'missed meanwhile')).toBeVisible();
    const streams = daemon.requests.filter((request) => request.line === 'GET /events');
    expect(streams.length).toBeGreaterThan(streamsBefore);
    expect(streams.at(-1)?.lastEventId).toBe('1');
});

test('shows what it asks for even if answers take longer than the torrent takes to change', async ({ page, daemon }) => {
    await open(page, daemon);
    await expect(row(page, 'debian')).toBeVisible();
    daemon.delay = 1_500;
    let downloaded = 0;
    const changing = setInterval(() => daemon.patch(hashOf(0), { downloaded: ++downloaded }), 200);
    try {
        await row(page, 'debian').dblclick();
        await page.getByRole('tab', { name: 'Peers' }).click();
        await expect(page.getByRole('table', { name: 'Peers' })).toBeVisible();
    } finally {
        clearInterval(changing);
    }
});

test('says that the daemon is away, and since when', async ({ page, daemon, complaints }) => {
    complaints.push('ERR_', 'network error', 'Failed to load resource');
    await open(page, daemon);
    await expect(row(page, 'debian')).toBeVisible();
    const port = Number(new URL(daemon.url).port);
    await daemon.close();
    await expect(page.getByText(/The daemon has not answered for/)).toBeVisible();
    await look(page, 'offline');
    await daemon.listen(port);
    await page.getByRole('button', { name: 'Try now' }).click();
    await expect(page.getByText(/The daemon has not answered for/)).toBeHidden();
});

test('asks for the token, and says when it is wrong', async ({ page, daemon, complaints }) => {
    complaints.push('401');
    daemon.loggedIn = false;
    await open(page, daemon);
    await look(page, 'login');
    await page.getByLabel('Token').fill('wrong');
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(page.getByRole('alert')).toHaveText('That is not the token or password.');
    await page.getByLabel('Token').fill('right');
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(row(page, 'debian')).toBeVisible();
});

test('logs in by the address, and takes the token out of it', async ({ page, daemon }) => {
    daemon.loggedIn = false;
    await page.goto(`${daemon.url}/#token=right`);
    await expect(row(page, 'debian')).toBeVisible();
    expect(page.url()).not.toContain('token');
});

test('shows hostile names and tracker messages as text', async ({ page, daemon }) => {
    await open(page, daemon, `#/torrent/${hashOf(11)}/trackers`);
    await expect(page.getByRole('region', { name: 'Details' }).getByText(hostileName)).toBeVisible();
    const failure = page.getByRole('tabpanel', { name: 'Trackers' }).getByText(hostileWords);
    await expect(failure).toHaveText(hostileWords);
    await failure.hover();
    for (const tab of ['Overview', 'Files', 'Log']) await page.getByRole('tab', { name: tab }).click();
    await page.getByRole('button', { name: '<i>label</i>' }).click();
    await row(page, '<img').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Remove…' }).click();
    await expect(page.getByRole('dialog').getByText(hostileName)).toBeVisible();
    expect(await page.locator('img[src="x"], script:not([src])').count()).toBe(0);
    expect(await page.title()).not.toContain('owned');
});

test('greets whoever has no torrents', async ({ page, daemon }) => {
    daemon.reset([]);
    await open(page, daemon);
    await expect(page.getByText('Nothing here yet')).toBeVisible();
    await look(page, 'empty');
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

test.describe('on a phone', () => {
    test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

    test('opens a torrent by a tap, and comes back', async ({ page, daemon }) => {
        await open(page, daemon);
        await row(page, 'debian').tap();
        await expect(page.getByRole('heading', { level: 1, name: /debian/ })).toBeVisible();
        await page.getByRole('button', { name: 'Back to the list' }).tap();
        await page.getByRole('button', { name: 'Filters' }).tap();
        await page.getByRole('button', { name: /^Seeding/ }).tap();
        await expect(page.getByRole('heading', { name: '2 torrents' })).toBeVisible();
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    });
});

test('loads nothing from elsewhere, and has nothing inline', async ({ page, daemon }) => {
    const hosts = new Set<string>();
    page.on('request', (request) => hosts.add(new URL(request.url()).host));
    await open(page, daemon);
    expect([...hosts]).toEqual([new URL(daemon.url).host]);
    const html = await readFile('dist/index.html', 'utf8');
    expect(html).not.toMatch(/<script(?![^>]*src)|style=/);
});

test('shows a torrent that is added elsewhere', async ({ page, daemon }) => {
    await open(page, daemon);
    await expect(row(page, 'debian')).toBeVisible();
    daemon.tell({ added: [torrent(40, 'From elsewhere')] });
    await expect(row(page, 'From elsewhere')).toHaveCount(1);
});
