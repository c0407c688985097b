// The list: what it shows, in which order, and how one moves in it.

import type { Page } from '@playwright/test';
import type { MockDaemon } from '../mock/daemon';
import { hashOf, manyTorrents, torrent } from '../mock/data';
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

test('says which limit has stopped a torrent, until it is started again', async ({ page, daemon }) => {
    const why = 'Stopped by a limit: it has reached its ratio.';
    daemon.reset([
        torrent(0, 'By a limit', { state: 'stopped', seedLimit: 'ratio', why }),
        torrent(1, 'By hand', { state: 'stopped', why: 'Stopped.' }),
    ]);
    await open(page, daemon);
    await expect(row(page, 'By a limit')).toContainText('it has reached its ratio');
    await expect(row(page, 'By hand')).toContainText('Complete, not seeding');
    await row(page, 'By a limit').dblclick();
    await expect(page.getByRole('tabpanel')).toContainText('it has reached its ratio');
    await look(page, 'seed-limit');
    daemon.tell({ changed: [{ hash: hashOf(0), state: 'seeding', seedLimit: null, why: 'Complete; nobody is connected.' }] });
    await expect(row(page, 'By a limit')).toContainText('Complete; nobody is connected');
});

test.describe('while the order changes', () => {
    const names = (page: Page): Promise<string[]> => page.getByRole('grid', { name: 'Torrents' }).locator('[data-hash] .text').allTextContents();

    /** Three torrents, the fastest first. */
    async function openSorted(page: Page, daemon: MockDaemon): Promise<void> {
        daemon.reset(['first', 'second', 'third'].map((name, index) => torrent(index, name, { state: 'downloading', progress: 0.5, downloadRate: 3000 - 1000 * index })));
        await open(page, daemon);
        await page.getByRole('columnheader', { name: 'Down' }).getByRole('button').click();
        await expect.poll(() => names(page)).toEqual(['first', 'second', 'third']);
    }

    test('rows stay where they are as long as the pointer is down', async ({ page, daemon }) => {
        await openSorted(page, daemon);
        await row(page, 'second').hover();
        await page.mouse.down();
        daemon.patch(hashOf(2), { downloadRate: 9000 });
        await expect(row(page, 'third')).toContainText('8.8');
        expect(await names(page)).toEqual(['first', 'second', 'third']);
        await page.mouse.up();
        await expect(row(page, 'second')).toHaveAttribute('aria-selected', 'true');
        await expect.poll(() => names(page)).toEqual(['third', 'first', 'second']);
        await expect(page.getByText('1 selected')).toBeVisible();
    });

    test('a double click is for the torrent of its first click', async ({ page, daemon }) => {
        await openSorted(page, daemon);
        const box = (await row(page, 'first').boundingBox())!;
        await page.mouse.click(box.x + 100, box.y + box.height / 2);
        daemon.patch(hashOf(2), { downloadRate: 9000 });
        await expect.poll(() => names(page)).toEqual(['third', 'first', 'second']);
        await page.mouse.down({ clickCount: 2 });
        await page.mouse.up({ clickCount: 2 });
        await expect(page.getByRole('region', { name: 'Details' })).toContainText('first');
        await expect(row(page, 'third')).toHaveAttribute('aria-selected', 'false');
    });

    test('a row in sight stays the same element, also for a screen reader', async ({ page, daemon }) => {
        await openSorted(page, daemon);
        const grid = page.getByRole('grid', { name: 'Torrents' });
        await grid.focus();
        await page.keyboard.press('End');
        const current = await row(page, 'third').elementHandle();
        await expect(grid).toHaveAttribute('aria-activedescendant', `row-${hashOf(2)}`);
        await grid.evaluate((element) => element.querySelectorAll('[data-hash]').forEach((row) => row.setAttribute('data-was', row.getAttribute('data-hash')!)));
        daemon.patch(hashOf(2), { downloadRate: 9000 });
        await expect.poll(() => names(page)).toEqual(['third', 'first', 'second']);
        expect(await grid.locator('[data-hash]').evaluateAll((rows) => rows.every((row) => row.getAttribute('data-was') === row.getAttribute('data-hash')))).toBe(true);
        expect(await current!.getAttribute('id')).toBe(await grid.getAttribute('aria-activedescendant'));
    });

    test('text in rows cannot be selected, and so never becomes that of another torrent', async ({ page, daemon }) => {
        await openSorted(page, daemon);
        const [from, to] = [(await row(page, 'first').locator('.text').boundingBox())!, (await row(page, 'third').locator('.text').boundingBox())!];
        await page.mouse.move(from.x + 1, from.y + 4);
        await page.mouse.down();
        await page.mouse.move(to.x + to.width, to.y + to.height, { steps: 4 });
        await page.mouse.up();
        expect(await page.evaluate(() => getSelection()!.toString())).toBe('');
    });
});

test('the row that the keyboard is on is named only while it is in sight', async ({ page, daemon }) => {
    daemon.reset(manyTorrents(300));
    await open(page, daemon);
    const grid = page.getByRole('grid', { name: 'Torrents' });
    await grid.focus();
    await page.keyboard.press('Home');
    await expect(grid).toHaveAttribute('aria-activedescendant', /^row-/);
    await grid.evaluate((element) => (element.scrollTop = element.scrollHeight));
    await expect(grid).not.toHaveAttribute('aria-activedescendant');
    await page.keyboard.press('ArrowDown');
    await expect(grid).toHaveAttribute('aria-activedescendant', /^row-/);
    const named = await grid.getAttribute('aria-activedescendant');
    await expect(page.locator(`#${named}`)).toBeInViewport();
});
