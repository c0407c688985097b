// The login, and the connection to the daemon.

import { readFile } from 'node:fs/promises';
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
