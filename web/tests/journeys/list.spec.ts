// The list: what it shows, in which order, and how one moves in it.

import { hashOf, torrent } from '../mock/data';
import { expect, look, open, row, test } from './fixtures';

test('greets whoever has no torrents', async ({ page, daemon }) => {
    daemon.reset([]);
    await open(page, daemon);
    await expect(page.getByText('Nothing here yet')).toBeVisible();
    await look(page, 'empty');
});

test('shows a torrent that is added elsewhere', async ({ page, daemon }) => {
    await open(page, daemon);
    await expect(row(page, 'debian')).toBeVisible();
    daemon.tell({ added: [torrent(40, 'From elsewhere')] });
    await expect(row(page, 'From elsewhere')).toHaveCount(1);
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

test('filters what is complete and what is being moved', async ({ page, daemon }) => {
    await open(page, daemon);
    const filters = page.getByRole('navigation', { name: 'Filters' });
    await filters.getByRole('button', { name: /^Complete/ }).click();
    await expect(page.getByRole('heading', { name: '4 torrents' })).toBeVisible();
    await expect(row(page, 'Librivox')).toBeVisible();
    await filters.getByRole('button', { name: /^Moving/ }).click();
    await expect(page.getByText('No torrent matches')).toBeVisible();
    daemon.patch(hashOf(2), { move: { folder: '/films', done: 1, total: 4 } });
    await expect(row(page, 'ubuntu')).toBeVisible();
    await look(page, 'filter-moving');
    daemon.patch(hashOf(2), { move: null });
    await expect(row(page, 'ubuntu')).toBeHidden();
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

test('has columns for the swarm, for copies and for the info-hash', async ({ page, daemon }) => {
    await open(page, daemon);
    await page.evaluate(() => localStorage.setItem('freshet.columns', JSON.stringify(['name', 'swarmSeeders', 'swarmLeechers', 'copies', 'availability', 'knownPeers', 'wasted', 'hash'])));
    await page.reload();
    const cells = row(page, 'debian').getByRole('gridcell');
    await expect(cells).toHaveText([/debian/, '1,200', '35', '3.41', '3', '12', '–', hashOf(0)]);
    await expect(row(page, 'Librivox').getByRole('gridcell').nth(1)).toHaveText('–');
    await page.getByRole('columnheader', { name: 'Copies' }).getByRole('button').click();
    await expect(page.getByRole('grid', { name: 'Torrents' }).getByRole('row').nth(1)).toContainText('debian');
    await look(page, 'columns-of-the-swarm');
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

test('keys act on the row that is shown as current, after a click as well', async ({ page, daemon }) => {
    await open(page, daemon);
    await row(page, 'debian').click();
    await expect(page.getByRole('grid', { name: 'Torrents' })).toBeFocused();
    await page.keyboard.press('ArrowDown');
    await expect(row(page, 'Sintel')).toHaveAttribute('aria-selected', 'true');
    await expect(row(page, 'debian')).toHaveAttribute('aria-selected', 'false');
    await page.keyboard.press('s');
    await expect.poll(() => daemon.torrents.get(hashOf(1))?.state).toBe('stopped');
    expect(daemon.torrents.get(hashOf(0))?.state).toBe('downloading');
    // What Space has gathered stays.
    await page.keyboard.press('Space');
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await expect(page.getByText('2 selected')).toBeVisible();
});

test('shows the counts of long labels and trackers whole', async ({ page, daemon }) => {
    daemon.reset([torrent(0, 'one', { labels: ['a label that is far too long for the room that there is'], trackers: ['announce.of.a.tracker.with.a.long.name.example.org'] })]);
    await open(page, daemon);
    const counts = page.getByRole('navigation').locator('.count');
    const ends = async (): Promise<number[]> => [...new Set(await counts.evaluateAll((all) => all.map((count) => Math.round(count.getBoundingClientRect().right))))];
    await expect(page.getByRole('button', { name: /^announce\.of/ })).toBeVisible();
    await expect.poll(async () => (await ends()).length).toBe(1);
});

test('nothing is done to rows that a filter hides', async ({ page, daemon }) => {
    await open(page, daemon);
    await row(page, 'debian').click();
    await row(page, 'ubuntu').click({ modifiers: ['ControlOrMeta'] });
    await expect(page.getByText('2 selected')).toBeVisible();
    await page.getByRole('searchbox').fill('ubuntu');
    await expect(page.getByText('1 selected')).toBeVisible();
    // Nor to one that leaves the filter by itself.
    await page.getByRole('searchbox').fill('');
    await page.getByRole('button', { name: /^Seeding/ }).click();
    await expect(page.getByText('1 selected')).toBeVisible();
    daemon.patch(hashOf(2), { state: 'checking' });
    await expect(row(page, 'ubuntu')).toBeHidden();
    await expect(page.getByText('selected')).toBeHidden();
});
