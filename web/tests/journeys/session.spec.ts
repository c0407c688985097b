// The login, and the connection to the daemon.

import { readFile } from 'node:fs/promises';
import { hashOf } from '../mock/data';
import { expect, look, open, row, test } from './fixtures';

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
