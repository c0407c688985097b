// The login, and the connection to the daemon.

import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { hashOf } from '../mock/data';
import { drop, expect, look, open, row, test, torrentFile } from './fixtures';

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

test('takes an address that was cut off for one with a wrong token', async ({ page, daemon, complaints }) => {
    complaints.push('401');
    daemon.loggedIn = false;
    await page.goto(`${daemon.url}/#token=%zz`);
    await expect(page.getByLabel('Token')).toBeVisible();
    expect(page.url()).not.toContain('token');
});

test('tabs that nobody sees leave the connections to those that are seen, and miss nothing', async ({ page: first, context, daemon }) => {
    test.setTimeout(180_000);
    await context.addInitScript(() => {
        let state = 'visible';
        Object.defineProperty(document, 'visibilityState', { get: () => state });
        document.addEventListener('turned', (event) => {
            state = (event as CustomEvent<string>).detail;
            document.dispatchEvent(new Event('visibilitychange'));
        });
    });
    const turn = (tab: Page, to: string): Promise<void> => tab.evaluate((to) => void document.dispatchEvent(new CustomEvent('turned', { detail: to })), to);
    const tabs = [first];
    while (tabs.length < 5) tabs.push(await context.newPage());
    for (const tab of tabs) {
        await open(tab, daemon);
        await expect(row(tab, 'debian')).toBeVisible();
    }
    expect(daemon.streams).toBe(5);
    for (const tab of tabs) await turn(tab, 'hidden');
    await expect.poll(() => daemon.streams, { timeout: 60_000 }).toBe(1);

    // A browser has six connections to a host: with five streams more, the last of these could not load.
    for (let more = 0; more < 4; more++) {
        const tab = await context.newPage();
        await open(tab, daemon);
        await expect(row(tab, 'debian')).toBeVisible();
    }
    daemon.patch(hashOf(0), { name: 'while nobody looked' });
    await turn(tabs[4]!, 'visible');
    await expect(row(tabs[4]!, 'while nobody looked')).toBeVisible();
    await expect(tabs[4]!.getByText(/The daemon has not answered/)).toBeHidden();
});

test('says what is wrong with the daemon as long as it is', async ({ page, daemon }) => {
    daemon.warnings = ['The watch folder /mnt/stick/drop cannot be read: its disk does not respond.'];
    await open(page, daemon);
    const bar = page.getByText('The watch folder /mnt/stick/drop cannot be read');
    await expect(bar).toBeVisible();
    await look(page, 'warnings');
    daemon.warnings = [];
    daemon.tellLog({ level: 'info', event: 'watch-folder', message: 'The watch folder /mnt/stick/drop can be read again.' });
    await expect(bar).toBeHidden();
    daemon.warnings = ['The watch folder /elsewhere cannot be read: no such place.'];
    daemon.tellLog({ level: 'error', event: 'watch-folder', message: daemon.warnings[0]! });
    await expect(page.getByText('The watch folder /elsewhere cannot be read')).toBeVisible();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await expect(page.getByText('The watch folder /elsewhere cannot be read')).toBeHidden();
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

test('loads nothing from elsewhere, and has nothing inline', async ({ page, daemon }) => {
    const hosts = new Set<string>();
    page.on('request', (request) => hosts.add(new URL(request.url()).host));
    await open(page, daemon);
    expect([...hosts]).toEqual([new URL(daemon.url).host]);
    const html = await readFile('dist/index.html', 'utf8');
    expect(html).not.toMatch(/<script(?![^>]*src)|style=/);
});

test('a session that ends loses nothing that was typed', async ({ page, daemon, complaints }) => {
    complaints.push('401', 'network error', 'ERR_');
    await open(page, daemon, '#/settings');
    await page.getByLabel('Connections (peers)').fill('77');
    await drop(page, { file: torrentFile('Half added') });
    const dialog = page.getByRole('dialog', { name: 'Add a torrent' });
    await dialog.getByRole('textbox', { name: 'Labels' }).fill('typed,');
    daemon.loggedIn = false;
    daemon.dropStreams();
    const login = page.getByRole('dialog', { name: 'Log in' });
    await expect(login.getByText('everything is as you left it')).toBeVisible();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await expect(login).toBeVisible();
    await look(page, 'login-again');
    await login.getByLabel('Token').fill('right');
    await login.getByRole('button', { name: 'Log in' }).click();
    await expect(login).toBeHidden();
    await expect(dialog.getByText('typed', { exact: true })).toBeVisible();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect(page.getByLabel('Connections (peers)')).toHaveValue('77');
    daemon.patch(hashOf(0), { name: 'live again' });
    await page.getByRole('button', { name: 'Back to the list' }).click();
    await expect(row(page, 'live again')).toBeVisible();
});

test('whoever logs out leaves nothing behind', async ({ page, daemon }) => {
    await open(page, daemon);
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Log out' }).click();
    await expect(page.getByLabel('Token')).toBeVisible();
    await expect(page.getByText('debian')).toHaveCount(0);
});
