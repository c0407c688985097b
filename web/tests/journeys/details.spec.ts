// What the details show of a torrent, and what is changed there.

import { plain } from '../../src/lib/format';
import { hashOf, hostileName, hostileWords } from '../mock/data';
import { expect, look, open, row, test } from './fixtures';

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

test('shows how soon each peer answers', async ({ page, daemon }) => {
    await open(page, daemon, `#/torrent/${hashOf(0)}/peers`);
    const peers = page.getByRole('table', { name: 'Peers' });
    await expect(peers.getByRole('columnheader', { name: 'Answer' })).toBeVisible();
    await expect(peers.getByRole('row').filter({ hasText: '192.0.2.10:6881' })).toContainText('211 ms');
    await expect(peers.getByRole('row').filter({ hasText: '192.0.2.10:6881' })).toContainText('480 ms');
});

test('sorts peers by any column, by mouse and by keyboard', async ({ page, daemon }) => {
    await open(page, daemon, `#/torrent/${hashOf(0)}/peers`);
    const peers = page.getByRole('table', { name: 'Peers' });
    const head = (name: string) => peers.getByRole('columnheader', { name });
    const first = peers.getByRole('row').nth(1);
    await expect(head('Down')).toHaveAttribute('aria-sort', 'descending');
    await expect(first).toContainText('192.0.2.10:6881');
    await head('Peer').getByRole('button').click();
    await expect(head('Peer')).toHaveAttribute('aria-sort', 'ascending');
    await expect(head('Down')).toHaveAttribute('aria-sort', 'none');
    await expect(first).toContainText('Freshet 0.1.0');
    await head('Peer').getByRole('button').press('Enter');
    await expect(head('Peer')).toHaveAttribute('aria-sort', 'descending');
    await expect(first).toContainText('Transmission 4.1.0');
    await expect(head('Peer').getByRole('button')).toBeFocused();
    for (const [name, direction] of [['Flags', 'ascending'], ['Has', 'descending'], ['Answer', 'ascending'], ['Up', 'descending']] as const) {
        await head(name).getByRole('button').press('Space');
        await expect(head(name)).toHaveAttribute('aria-sort', direction);
    }
    await look(page, 'peers-sorted');
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

test('shows hostile names and tracker messages as text', async ({ page, daemon }) => {
    await open(page, daemon, `#/torrent/${hashOf(11)}/trackers`);
    await expect(page.getByRole('region', { name: 'Details' }).getByText(plain(hostileName))).toBeVisible();
    const failure = page.getByRole('tabpanel', { name: 'Trackers' }).getByText(hostileWords);
    await expect(failure).toHaveText(hostileWords);
    await failure.hover();
    for (const tab of ['Overview', 'Files', 'Log']) await page.getByRole('tab', { name: tab }).click();
    await page.getByRole('button', { name: '<i>label</i>' }).click();
    await row(page, '<img').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Remove…' }).click();
    await expect(page.getByRole('dialog').getByText(plain(hostileName))).toBeVisible();
    expect(await page.locator('img[src="x"], script:not([src])').count()).toBe(0);
    expect(await page.title()).not.toContain('owned');
});

test('shows the priority that a file has once its change is answered', async ({ page, daemon }) => {
    await open(page, daemon, `#/torrent/${hashOf(1)}/files`);
    const files = page.getByRole('tree', { name: 'Files' });
    const first = files.getByRole('treeitem', { name: /^Episode 01/ });
    const second = files.getByRole('treeitem', { name: /^Episode 02/ });
    await expect(first).toHaveAttribute('aria-checked', 'true');
    const release = daemon.hold(/^PATCH .*\/files$/);
    await first.getByTitle('Skip').click();
    await second.getByTitle('Skip').click();
    await expect(first).toHaveAttribute('aria-checked', 'false');
    await expect(second).toHaveAttribute('aria-checked', 'false');
    const changes = (): unknown[] => daemon.requests.filter((request) => request.line.startsWith('PATCH')).map((request) => request.body);
    // One after the other: the second waits for the first.
    expect(changes()).toEqual([{ files: [0], priority: 'skip' }]);
    release();
    await expect.poll(changes).toEqual([{ files: [0], priority: 'skip' }, { files: [1], priority: 'skip' }]);
    await expect.poll(() => daemon.files.get(hashOf(1))?.map((file) => file.priority).slice(0, 2)).toEqual(['skip', 'skip']);
    // Somebody else wants the first again: the page shows what is, not what it once asked for.
    daemon.files.set(hashOf(1), daemon.files.get(hashOf(1))!.map((file) => (file.index === 0 ? { ...file, priority: 'normal' } : file)));
    await expect(first).toHaveAttribute('aria-checked', 'true');
    await expect(second).toHaveAttribute('aria-checked', 'false');
});

test('draws new values into the chart that is there', async ({ page, daemon }) => {
    await open(page, daemon, `#/torrent/${hashOf(0)}/overview`);
    const chart = page.getByRole('figure', { name: /^Rates of the last minute/ });
    const canvas = await chart.locator('canvas').elementHandle();
    for (const [rate, words] of [[50 << 20, /download 50.0 MiB/], [90 << 20, /download 90.0 MiB/]] as const) {
        daemon.patch(hashOf(0), { downloadRate: rate });
        await expect(chart).toHaveAccessibleName(words);
    }
    expect(await canvas?.evaluate((element) => element.isConnected)).toBe(true);
});

test('shows how available a torrent is', async ({ page, daemon }) => {
    await open(page, daemon, `#/torrent/${hashOf(0)}/overview`);
    await expect(page.getByText('3.41 distributed copies')).toBeVisible();
    await expect(page.getByText('3 connected peers have the rarest missing piece.')).toBeVisible();
    daemon.patch(hashOf(0), { copies: 0.999, availability: 0 });
    await expect(page.getByText('0.99 distributed copies')).toBeVisible();
    await expect(page.getByText('No connected peer has the rarest missing piece.')).toBeVisible();
    daemon.patch(hashOf(0), { copies: null, availability: null });
    await expect(page.getByText('distributed copies')).toBeHidden();
});

test('copies a link for a player, which needs no login', async ({ page, daemon, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await open(page, daemon, `#/torrent/${hashOf(1)}/files`);
    await page.getByRole('treeitem', { name: /\.mkv|\.mp4/ }).first().click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Copy link for a player' }).click();
    await expect(page.getByText('Link, valid for six hours, copied.')).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^http:.*\/content\?ticket=mock$/);
});

test('shows older entries of the log on demand, and keeps them as new ones come', async ({ page, daemon }) => {
    for (let i = 0; i < 1_200; i++) daemon.log.push({ id: daemon.log.length + 1, time: '2026-01-31T12:00:00Z', level: 'info', event: 'warning', hash: null, message: `Entry ${i}.` });
    await open(page, daemon, '#/log');
    await expect(page.getByText('Entry 1199.', { exact: true })).toBeVisible();
    await expect(page.getByText('Entry 500.', { exact: true })).toHaveCount(0);
    const older = page.getByRole('button', { name: 'Older entries' });
    await older.click();
    await expect(page.getByText('Entry 500.', { exact: true })).toHaveCount(1);
    daemon.tellLog({ level: 'info', event: 'warning', message: 'Something new.' });
    await expect(page.getByText('Something new.')).toBeVisible();
    await expect(page.getByText('Entry 500.', { exact: true })).toHaveCount(1);
    await older.click();
    await expect(page.getByText('Entry 0.', { exact: true })).toHaveCount(1);
    await expect(older).toHaveCount(0);
});
