// The page and the daemon that it belongs to: a torrent that is dropped on the page downloads from a seed on loopback, and the page tells
// the truth throughout. FRESHET names the program.

import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, look, row, test as mocked } from './fixtures';

const program = process.env.FRESHET ?? '../artifacts/bin/Freshet.Cli/release/freshet';
const run = promisify(execFile);
const size = 24 * 1024 * 1024;

interface World {
    /** With the token, which the page takes out of its address. */
    readonly url: string;
    readonly downloads: string;
    readonly torrent: string;
    readonly content: Buffer;
    /** Where the seed listens. */
    readonly seed: string;
}

/** Waits for a line of a program's output that has what is looked for. */
function printed(child: ChildProcess, pattern: RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
        let text = '';
        const timer = setTimeout(() => reject(new Error(`Not printed within 30 s: ${pattern}. Instead: ${text}`)), 30_000);
        const take = (chunk: Buffer): void => {
            text += chunk.toString();
            const found = pattern.exec(text);
            if (!found) return;
            clearTimeout(timer);
            resolve(found[1] ?? found[0]);
        };
        child.stdout?.on('data', take);
        child.stderr?.on('data', take);
        child.on('exit', (code) => reject(new Error(`It ended with ${code}: ${text}`)));
    });
}

async function end(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
    await ended;
    clearTimeout(timer);
}

function daemon(root: string, name: string): ChildProcess {
    return spawn(program, [
        'daemon', '--state', join(root, name, 'state'), '--download-folder', join(root, name, 'data'), '--listen', '127.0.0.1:0', '--port', '0', '--bind', '127.0.0.1',
        // The two must not find each other before the test says so: on one machine, local discovery takes some seconds.
        '--dht', 'false', '--local-discovery', 'false',
    ], { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** A request with the bearer token, as scripts make it. */
async function ask(address: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const [base = '', token = ''] = address.split('/#token=');
    const response = await fetch(`${base}/api/v1${path}`, {
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Record<string, unknown>;
}

const test = mocked.extend<{ world: World }>({
    world: async ({}, use) => {
        const root = await mkdtemp(join(tmpdir(), 'freshet-page-'));
        await mkdir(join(root, 'leech', 'data'), { recursive: true });
        await mkdir(join(root, 'seed', 'data'), { recursive: true });
        const content = randomBytes(size);
        await mkdir(join(root, 'seed', 'data', 'A real thing'));
        await writeFile(join(root, 'seed', 'data', 'A real thing', 'first.bin'), content.subarray(0, size / 2));
        await writeFile(join(root, 'seed', 'data', 'A real thing', 'second.bin'), content.subarray(size / 2));
        const torrent = join(root, 'thing.torrent');
        await run(program, ['create', join(root, 'seed', 'data', 'A real thing'), '--output', torrent]);
        const programs = [daemon(root, 'leech'), daemon(root, 'seed')];
        try {
            const [leech = '', seed = ''] = await Promise.all(programs.map((child) => printed(child, /(http:\/\/127\.0\.0\.1:\d+\/#token=\S+)/)));
            await ask(seed, '/torrents', { metainfo: (await readFile(torrent)).toString('base64') });
            const session = (await ask(seed, '/session')) as { listenPort: number };
            await use({ url: leech, downloads: join(root, 'leech', 'data'), torrent, content, seed: `127.0.0.1:${session.listenPort}` });
        } finally {
            await Promise.all(programs.map(end));
            await rm(root, { recursive: true, force: true });
        }
    },
});

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

test('downloads a torrent that is added by file, and removes it with its data', async ({ page, world }) => {
    test.setTimeout(300_000);
    await page.goto(world.url);
    await expect(page.getByText('Nothing here yet')).toBeVisible();
    expect(page.url()).not.toContain('token');
    await page.getByRole('button', { name: 'Add torrent' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Add a torrent' });
    await dialog.getByLabel('Torrent files').setInputFiles(world.torrent);
    await expect(dialog.getByRole('heading', { name: 'A real thing' })).toBeVisible();
    await dialog.getByRole('treeitem', { name: /second\.bin/ }).getByTitle('Skip').click();
    await dialog.getByRole('textbox', { name: 'Labels' }).fill('real');
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(row(page, 'A real thing')).toBeVisible();

    // The alternative limit is so low that nothing ends while it is watched, however slow the machine is; without it all comes at once.
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('group', { name: 'Turtle mode' }).getByLabel('Download').fill('64 KiB');
    await page.getByRole('checkbox', { name: /Turtle mode is on/ }).check();
    await page.getByRole('button', { name: 'Save' }).click();
    await expect.poll(async () => (await ask(world.url, '/session/settings')).alternativeLimits).toBe(true);
    await page.getByRole('button', { name: 'Back to the list' }).click();

    await row(page, 'A real thing').dblclick();
    await page.getByRole('tab', { name: 'Peers' }).click();
    await page.getByLabel('Address of a peer to connect to').fill(world.seed);
    await page.getByRole('button', { name: 'Connect' }).click();
    await expect(page.getByRole('table', { name: 'Peers' })).toContainText('Freshet', { timeout: 20_000 });
    await page.getByRole('tab', { name: 'Overview' }).click();
    await expect(page.getByRole('region', { name: 'Details' })).toContainText('Downloading from 1 of 1 peer');
    await expect(page.getByText(/^[1-9][\d,]* of 1,536 pieces/)).toBeVisible({ timeout: 20_000 });
    await look(page, 'real-download');
    await page.getByRole('button', { name: 'Turtle mode is on: alternative limits' }).click();
    await expect(row(page, 'A real thing')).toContainText('Complete', { timeout: 60_000 });
    expect(digest(await readFile(join(world.downloads, 'A real thing', 'first.bin')))).toBe(digest(world.content.subarray(0, size / 2)));

    // The file that was left out is wanted now.
    await page.getByRole('tab', { name: 'Files' }).click();
    await page.getByRole('treeitem', { name: /second\.bin/ }).getByTitle('Download').click();
    await expect(page.getByRole('treeitem', { name: /second\.bin.*100 %/ })).toBeVisible({ timeout: 60_000 });
    expect(digest(await readFile(join(world.downloads, 'A real thing', 'second.bin')))).toBe(digest(world.content.subarray(size / 2)));

    await page.keyboard.press('Escape');
    await row(page, 'A real thing').click();
    await page.keyboard.press('Delete');
    await page.getByRole('checkbox', { name: /Delete the files/ }).check();
    await page.getByRole('button', { name: 'Remove and delete files' }).click();
    await expect(page.getByText('Nothing here yet')).toBeVisible();
    await expect.poll(() => readFile(join(world.downloads, 'A real thing', 'first.bin')).then(() => true, () => false)).toBe(false);
    await page.close();
});
