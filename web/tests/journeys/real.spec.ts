// The page and the daemon that it belongs to: a torrent that is added or dropped on the page downloads from a seed on loopback, and the page
// tells the truth throughout. FRESHET names the program.

import { execFile, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { drop, examine, expect, look, row, test as mocked } from './fixtures';
import { address, end, printed, program, start } from './programs';
import { Relay } from './relay';

const run = promisify(execFile);
const size = 24 * 1024 * 1024;

interface World {
    /** With the token, which the page takes out of its address. */
    readonly url: string;
    readonly downloads: string;
    /** Where the seed listens. */
    readonly seed: string;
    /** The seed's page, with the token. */
    readonly seedUrl: string;
    /** Kills the daemon of the page, and starts it again where it was. */
    restart(): Promise<void>;
    /** Makes files that the seed has; what it gives is where their .torrent is. */
    share(name: string, files: Readonly<Record<string, Buffer>>): Promise<string>;
}

function daemon(root: string, name: string, port = '0'): ChildProcess {
    return start(
        'daemon', '--state', join(root, name, 'state'), '--download-folder', join(root, name, 'data'), '--listen', `127.0.0.1:${port}`, '--port', '0', '--bind', '127.0.0.1',
        // The two must not find each other before the test says so: on one machine, local discovery takes some seconds.
        '--dht', 'false', '--local-discovery', 'false',
    );
}

/** A request with the bearer token, as scripts make it. */
async function ask(visited: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const [base = '', token = ''] = visited.split('/#token=');
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
        const programs = [daemon(root, 'leech'), daemon(root, 'seed')];
        try {
            const [leech = '', seed = ''] = await Promise.all(programs.map((child) => printed(child, address)));
            const session = (await ask(seed, '/session')) as { listenPort: number };
            const share = async (name: string, files: Readonly<Record<string, Buffer>>): Promise<string> => {
                const folder = join(root, 'seed', 'data', name);
                const torrent = join(root, `${name}.torrent`);
                await mkdir(folder);
                for (const [file, content] of Object.entries(files)) await writeFile(join(folder, file), content);
                await run(program, ['create', folder, '--output', torrent]);
                await ask(seed, '/torrents', { metainfo: (await readFile(torrent)).toString('base64') });
                return torrent;
            };
            const restart = async (): Promise<void> => {
                const killed = programs[0]!;
                const gone = new Promise((resolve) => killed.once('exit', resolve));
                killed.kill('SIGKILL');
                await gone;
                programs[0] = daemon(root, 'leech', new URL(leech).port);
                await printed(programs[0], /(http:\/\/127\.0\.0\.1:\d+\/)/);
            };
            await use({ url: leech, downloads: join(root, 'leech', 'data'), seed: `127.0.0.1:${session.listenPort}`, seedUrl: seed, restart, share });
        } finally {
            await Promise.all(programs.map(end));
            await rm(root, { recursive: true, force: true });
        }
    },
});

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

test('downloads a torrent that is added by file, and removes it with its data', async ({ page, world }) => {
    test.setTimeout(300_000);
    const files = { 'first.bin': randomBytes(size / 2), 'second.bin': randomBytes(size / 2) };
    const torrent = await world.share('A real thing', files);
    await page.goto(world.url);
    await expect(page.getByText('Nothing here yet')).toBeVisible();
    expect(page.url()).not.toContain('token');
    await page.getByRole('button', { name: 'Add torrent' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Add a torrent' });
    await dialog.getByLabel('Torrent files').setInputFiles(torrent);
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
    expect(digest(await readFile(join(world.downloads, 'A real thing', 'first.bin')))).toBe(digest(files['first.bin']));

    // The file that was left out is wanted now.
    await page.getByRole('tab', { name: 'Files' }).click();
    await page.getByRole('treeitem', { name: /second\.bin/ }).getByTitle('Download').click();
    await expect(page.getByRole('treeitem', { name: /second\.bin.*100 %/ })).toBeVisible({ timeout: 60_000 });
    expect(digest(await readFile(join(world.downloads, 'A real thing', 'second.bin')))).toBe(digest(files['second.bin']));

    await page.keyboard.press('Escape');
    await row(page, 'A real thing').click();
    await page.keyboard.press('Delete');
    await page.getByRole('checkbox', { name: /Delete the files/ }).check();
    await page.getByRole('button', { name: 'Remove and delete files' }).click();
    await expect(page.getByText('Nothing here yet')).toBeVisible();
    await expect.poll(() => readFile(join(world.downloads, 'A real thing', 'first.bin')).then(() => true, () => false)).toBe(false);
    await page.close();
});

/** A tone that every browser plays: RIFF WAVE, 16 bits, one channel. */
function tone(seconds: number): Buffer {
    const rate = 16_000;
    const wave = Buffer.alloc(44 + seconds * rate * 2);
    wave.write('RIFF', 0, 'latin1');
    wave.writeUInt32LE(wave.length - 8, 4);
    wave.write('WAVEfmt ', 8, 'latin1');
    wave.writeUInt32LE(16, 16);
    wave.writeUInt16LE(1, 20);
    wave.writeUInt16LE(1, 22);
    wave.writeUInt32LE(rate, 24);
    wave.writeUInt32LE(rate * 2, 28);
    wave.writeUInt16LE(2, 32);
    wave.writeUInt16LE(16, 34);
    wave.write('data', 36, 'latin1');
    wave.writeUInt32LE(wave.length - 44, 40);
    for (let at = 44; at < wave.length; at += 2) wave.writeInt16LE(Math.round(8_000 * Math.sin((at * 440 * Math.PI) / rate)), at);
    return wave;
}

test('plays a sound of a torrent that is dropped on the page while the rest of it downloads', async ({ page, world }) => {
    test.setTimeout(300_000);
    const files = { 'sound.wav': tone(60), 'rest.bin': randomBytes(size) };
    const torrent = await world.share('A sound', files);
    await page.goto(world.url);
    await expect(page.getByText('Nothing here yet')).toBeVisible();
    await drop(page, { file: await readFile(torrent) });
    const dialog = page.getByRole('dialog', { name: 'Add a torrent' });
    await expect(dialog.getByRole('heading', { name: 'A sound' })).toBeVisible();
    await dialog.getByText('More options').click();
    // So slow that it is not over before it was played, however slow the machine is.
    await dialog.getByLabel('Download limit').fill('64 KiB');
    await dialog.getByLabel('Peers').fill(world.seed);
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(row(page, 'A sound')).toContainText('Downloading from 1 of 1 peer', { timeout: 30_000 });

    await row(page, 'A sound').dblclick();
    await page.getByRole('tab', { name: 'Files' }).click();
    await page.getByRole('treeitem', { name: /sound\.wav/ }).getByTitle('Play').click();
    const player = page.getByRole('dialog', { name: 'sound.wav' });
    const sound = player.locator('audio');
    await expect.poll(() => sound.evaluate((audio: HTMLAudioElement) => audio.currentTime), { timeout: 60_000 }).toBeGreaterThan(0);
    expect(await sound.evaluate((audio: HTMLAudioElement) => Math.round(audio.duration))).toBe(60);
    await expect(row(page, 'A sound')).toContainText('Downloading');
    await look(page, 'dialog-play-light');
    await page.emulateMedia({ colorScheme: 'dark' });
    await examine(page);
    await player.getByRole('button', { name: 'Close' }).last().click();
    await expect(player).toBeHidden();

    await row(page, 'A sound').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Limits…' }).click();
    const limits = page.getByRole('dialog', { name: 'Limits of this torrent' });
    await expect(limits.getByLabel('Download', { exact: true })).toHaveValue('64.0 KiB');
    await limits.getByLabel('Download', { exact: true }).fill('');
    await limits.getByRole('button', { name: 'Save' }).click();
    await expect(row(page, 'A sound')).toContainText('Complete', { timeout: 60_000 });
    for (const [name, content] of Object.entries(files)) expect(digest(await readFile(join(world.downloads, 'A sound', name)))).toBe(digest(content));
    await page.close();
});

const infoHash = 'ab'.repeat(20);

test('tells what happened while its connection was broken, without loading everything again', async ({ page, world, complaints }) => {
    complaints.push('ERR_', 'network error', 'Failed to load resource');
    const relay = new Relay(Number(new URL(world.url).port));
    await relay.listen();
    try {
        await ask(world.url, '/torrents', { source: `magnet:?xt=urn:btih:${infoHash}&dn=before`, start: false });
        await page.goto(relay.url + new URL(world.url).hash.replace('#', '/#'));
        await expect(row(page, 'before')).toBeVisible();
        relay.cut();
        await ask(world.url, '/torrents', { source: `magnet:?xt=urn:btih:${'cd'.repeat(20)}&dn=meanwhile`, start: false });
        await ask(world.url, '/torrents/bulk', { action: 'change', hashes: [infoHash], change: { labels: ['changed'] } });
        relay.mend();
        await expect(row(page, 'meanwhile')).toBeVisible({ timeout: 30_000 });
        await expect(row(page, 'before')).toContainText('changed');
        await expect(page.getByText(/The daemon has not answered for/)).toBeHidden();
        const { request, answer } = relay.listened.at(-1)!;
        expect(request.toLowerCase()).toContain('last-event-id: ');
        expect(answer).toContain('event: change');
        expect(answer).not.toContain('event: snapshot');
        await page.close();
    } finally {
        await relay.close();
    }
});

test('asks for the token again when the daemon was killed and started again, shows what it still has, and logs out', async ({ page, world, complaints }) => {
    complaints.push('ERR_', 'network error', 'Failed to load resource', '401');
    await page.goto(world.url);
    await ask(world.url, '/torrents', { source: `magnet:?xt=urn:btih:${infoHash}&dn=kept`, start: false });
    await expect(row(page, 'kept')).toBeVisible();
    await world.restart();
    await ask(world.url, '/torrents', { source: `magnet:?xt=urn:btih:${'cd'.repeat(20)}&dn=added since`, start: false });
    const login = page.getByRole('dialog', { name: 'Log in' });
    await expect(login).toBeVisible({ timeout: 30_000 });
    await login.getByLabel('Token').fill(world.url.split('#token=')[1]!);
    await login.getByRole('button', { name: 'Log in' }).click();
    await expect(row(page, 'added since')).toBeVisible();
    await expect(row(page, 'kept')).toBeVisible();
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Log out' }).click();
    await expect(page.getByLabel('Token')).toBeVisible();
    await page.reload();
    await expect(page.getByLabel('Token')).toBeVisible();
});

test('downloads by a magnet link, whose files come from the peer that it names', async ({ page, world }) => {
    test.setTimeout(300_000);
    const content = randomBytes(size / 8);
    await world.share('By magnet', { 'only.bin': content });
    const { torrents } = (await ask(world.seedUrl, '/torrents')) as { torrents: { hash: string }[] };
    const { magnet } = (await ask(world.seedUrl, `/torrents/${torrents[0]!.hash}`)) as { magnet: string };
    await page.goto(world.url);
    await expect(page.getByText('Nothing here yet')).toBeVisible();
    await drop(page, { text: `${magnet}&x.pe=${world.seed}` });
    const dialog = page.getByRole('dialog', { name: 'Add a torrent' });
    await dialog.getByRole('button', { name: 'Find its files first' }).click();
    await expect(dialog.getByText('3.0 MiB in 1 file')).toBeVisible({ timeout: 60_000 });
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(row(page, 'By magnet')).toContainText('Complete', { timeout: 60_000 });
    expect(digest(await readFile(join(world.downloads, 'By magnet', 'only.bin')))).toBe(digest(content));
    await page.close();
});

test('shows what a hostile torrent is called as text, wherever it says it', async ({ page, world }) => {
    test.setTimeout(300_000);
    const name = '<img src=x onerror=alert(1)>';
    const file = '<script>alert(2)<\u202e.bin';
    const torrent = await world.share(name, { [file]: randomBytes(50_000) });
    let asked = 0;
    page.on('dialog', (dialog) => {
        asked++;
        void dialog.dismiss();
    });
    await page.goto(world.url);
    await expect(page.getByText('Nothing here yet')).toBeVisible();
    await drop(page, { file: await readFile(torrent) });
    const dialog = page.getByRole('dialog', { name: 'Add a torrent' });
    await expect(dialog.getByRole('heading', { name })).toBeVisible();
    await dialog.getByRole('textbox', { name: 'Labels' }).fill('<b>bold</b>,');
    await dialog.getByText('More options').click();
    await dialog.getByLabel('Peers').fill(world.seed);
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(row(page, name)).toContainText('Complete', { timeout: 60_000 });
    await row(page, name).dblclick();
    for (const tab of ['Files', 'Peers', 'Trackers', 'Log', 'Overview']) await page.getByRole('tab', { name: tab }).click();
    await page.getByRole('tab', { name: 'Files' }).click();
    await expect(page.getByRole('treeitem', { name: '<script>alert(2)<\ufffd.bin' })).toBeVisible();
    expect(await page.locator('img[src="x"], b, main script').count()).toBe(0);
    expect(asked).toBe(0);
    await look(page, 'real-hostile');
    await page.close();
});
