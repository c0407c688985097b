// A page at a mock daemon of its own. Whatever the page breaks of its content security policy, or logs as an error, fails the test.

import { AxeBuilder } from '@axe-core/playwright';
import { test as plain, expect, type Locator, type Page } from '@playwright/test';
import { MockDaemon } from '../mock/daemon';

export const screenshots = '../artifacts/web/screenshots';

export const test = plain.extend<{ daemon: MockDaemon; complaints: string[] }>({
    daemon: async ({}, use) => {
        const daemon = new MockDaemon();
        daemon.reset();
        await daemon.listen();
        await use(daemon);
        await daemon.close();
    },
    /** What the test expects the browser to complain of; everything else is an error. */
    complaints: async ({}, use) => use([]),
    // After the daemon, so that it is over before the daemon goes: a stream that breaks off is a complaint.
    page: async ({ page, complaints, daemon: _daemon }, use) => {
        const found: string[] = [];
        page.on('pageerror', (error) => found.push(String(error)));
        page.on('console', (message) => {
            if (message.type() === 'error' || message.type() === 'warning') found.push(message.text());
        });
        await use(page);
        expect(found.filter((text) => !complaints.some((expected) => text.includes(expected)))).toEqual([]);
    },
});

/** The least that is a .torrent, of that name. */
export function torrentFile(name: string): Buffer {
    return Buffer.from(`d4:infod6:lengthi5e4:name${name.length}:${name}12:piece lengthi16384e6:pieces0:ee`, 'latin1');
}

export const magnet = `magnet:?xt=urn:btih:${'ab'.repeat(20)}&dn=A+magnet`;

export async function open(page: Page, daemon: MockDaemon, fragment = ''): Promise<void> {
    await page.goto(`${daemon.url}/${fragment}`);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
}

/** Drops a file or a text onto the page, as the browser tells it. */
export async function drop(page: Page, what: { readonly file: Buffer } | { readonly text: string }): Promise<void> {
    const given = 'file' in what ? { file: what.file.toString('base64') } : what;
    const data = await page.evaluateHandle((given) => {
        const transfer = new DataTransfer();
        if ('text' in given) transfer.setData('text/plain', given.text);
        else transfer.items.add(new File([Uint8Array.from(atob(given.file), (letter) => letter.charCodeAt(0))], 'dropped.torrent', { type: 'application/x-bittorrent' }));
        return transfer;
    }, given);
    await page.dispatchEvent('body', 'dragenter', { dataTransfer: data });
    await expect(page.getByText('Drop to add')).toBeVisible();
    await page.dispatchEvent('body', 'drop', { dataTransfer: data });
}

/** Moves the focus by Tab until it is there, as somebody without a mouse does. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
    for (let presses = 0; presses < 60 && !(await target.evaluate((element) => element === document.activeElement)); presses++) await page.keyboard.press('Tab');
    await expect(target).toBeFocused();
}

export function row(page: Page, name: string) {
    return page.getByRole('grid', { name: 'Torrents' }).getByRole('row').filter({ hasText: name });
}

/** Keeps a picture. */
export async function shoot(page: Page, name: string): Promise<void> {
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: `${screenshots}/${name}.png` });
}

/** Finds nothing wrong by axe, and keeps a picture. */
export async function look(page: Page, name: string): Promise<void> {
    await shoot(page, name);
    await examine(page);
}

export async function examine(page: Page): Promise<void> {
    const result = await new AxeBuilder({ page }).analyze();
    expect(result.violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.html.slice(0, 160)).join('\n')}`)).toEqual([]);
}

export { expect };
