// Each dialog and menu in light and dark, and what only a phone has: nothing that axe finds, and a picture of each.

import type { Page } from '@playwright/test';
import { hashOf } from '../mock/data';
import { expect, look, open, row, test } from './fixtures';

async function choose(page: Page, name: string): Promise<void> {
    await row(page, 'Sintel').click({ button: 'right' });
    await page.getByRole('menuitem', { name, exact: true }).click();
}

async function more(page: Page, name: string): Promise<void> {
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name }).click();
}

const dialogs: readonly { readonly name: string; readonly title: string; readonly show: (page: Page) => Promise<void> }[] = [
    { name: 'add', title: 'Add a torrent', show: (page) => page.keyboard.press('a') },
    { name: 'create', title: 'Create a torrent', show: (page) => more(page, 'Create a torrent…') },
    { name: 'labels', title: 'Labels', show: (page) => choose(page, 'Labels…') },
    { name: 'limits', title: 'Limits of this torrent', show: (page) => choose(page, 'Limits…') },
    { name: 'move', title: 'Move this torrent', show: (page) => choose(page, 'Move…') },
    { name: 'remove', title: 'Remove this torrent?', show: (page) => choose(page, 'Remove…') },
    { name: 'keys', title: 'Keys', show: (page) => more(page, 'Keys') },
    { name: 'about', title: 'About Freshet', show: (page) => more(page, 'About Freshet') },
    {
        name: 'columns', title: 'Columns',
        show: async (page) => {
            await page.getByRole('button', { name: 'Order and columns' }).click();
            await page.getByRole('menuitem', { name: 'Columns…' }).click();
        },
    },
    {
        name: 'trackers', title: 'Edit the trackers',
        show: async (page) => {
            await page.goto(`${new URL(page.url()).origin}/#/torrent/${hashOf(1)}/trackers`);
            await page.getByRole('button', { name: 'Edit…' }).click();
        },
    },
    {
        name: 'rename', title: 'Rename the folder',
        show: async (page) => {
            await page.goto(`${new URL(page.url()).origin}/#/torrent/${hashOf(1)}/files`);
            await page.getByRole('treeitem', { name: /^Season 1/ }).click({ button: 'right' });
            await page.getByRole('menuitem', { name: 'Rename…' }).click();
        },
    },
];

for (const scheme of ['light', 'dark'] as const) {
    test.describe(scheme, () => {
        test.use({ colorScheme: scheme });

        for (const dialog of dialogs) {
            test(`shows the dialog ${dialog.name}`, async ({ page, daemon }) => {
                await open(page, daemon);
                await expect(row(page, 'Sintel')).toBeVisible();
                await dialog.show(page);
                const shown = page.getByRole('dialog', { name: dialog.title });
                await expect(shown).toBeVisible();
                await expect(shown.getByText('Loading…')).toHaveCount(0);
                await look(page, `dialog-${dialog.name}-${scheme}`);
                await page.keyboard.press('Escape');
                await expect(shown).toBeHidden();
            });
        }

        test('shows the menu of a torrent', async ({ page, daemon }) => {
            await open(page, daemon);
            await row(page, 'Sintel').click({ button: 'right' });
            await expect(page.getByRole('menu', { name: 'Actions' })).toBeVisible();
            await look(page, `menu-torrent-${scheme}`);
        });

        test('shows the menu of the page', async ({ page, daemon }) => {
            await open(page, daemon);
            await page.getByRole('button', { name: 'More', exact: true }).click();
            await expect(page.getByRole('menu', { name: 'More' })).toBeVisible();
            await look(page, `menu-more-${scheme}`);
        });

        test.describe('on a phone', () => {
            test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

            test('shows the filters', async ({ page, daemon }) => {
                await open(page, daemon);
                await page.getByRole('button', { name: 'Filters' }).tap();
                await expect(page.getByRole('button', { name: /^Needs attention/ })).toBeInViewport({ ratio: 1 });
                await look(page, `filters-${scheme}-phone`);
            });

            test('shows what is added', async ({ page, daemon }) => {
                await open(page, daemon, `?magnet=${encodeURIComponent(`magnet:?xt=urn:btih:${'ab'.repeat(20)}&dn=A+magnet`)}`);
                const dialog = page.getByRole('dialog');
                await expect(dialog.getByRole('heading', { name: 'A magnet' })).toBeVisible();
                await dialog.getByText('More options').tap();
                await expect(dialog.getByLabel('Folder until complete')).toBeVisible();
                await look(page, `add-${scheme}-phone`);
                expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
            });
        });
    });
}
