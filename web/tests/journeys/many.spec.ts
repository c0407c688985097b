// Ten thousand torrents. The figures are printed, since a machine's speed is no property of the page; what is asserted is what does not
// depend on it.

import { hashOf, manyTorrents } from '../mock/data';
import { expect, test } from './fixtures';

const count = 10_000;

test('shows and scrolls ten thousand torrents', async ({ page, daemon }) => {
    test.setTimeout(90_000);
    daemon.reset(manyTorrents(count));
    await page.goto(daemon.url);
    const grid = page.getByRole('grid', { name: 'Torrents' });
    await expect(grid).toHaveAttribute('aria-rowcount', String(count + 1));
    const paints = await page.evaluate(() => performance.getEntriesByType('paint').map((entry) => `${entry.name} ${Math.round(entry.startTime)} ms`));

    const frames = await grid.evaluate(async (element) => {
        const longest: number[] = [];
        let last = performance.now();
        for (let step = 1; step <= 120; step++) {
            element.scrollTop = (element.scrollHeight * step) / 120;
            await new Promise((resolve) => requestAnimationFrame(resolve));
            const now = performance.now();
            longest.push(now - last);
            last = now;
        }
        return longest.sort((a, b) => b - a);
    });
    const nodes = await grid.getByRole('row').count();
    expect(nodes).toBeLessThan(60);

    // Twenty active torrents, once a second.
    const client = await page.context().newCDPSession(page);
    await client.send('Performance.enable');
    const busy = async (): Promise<number> => (await client.send('Performance.getMetrics')).metrics.find((metric) => metric.name === 'TaskDuration')?.value ?? 0;
    const before = await busy();
    const seconds = 5;
    for (let second = 0; second < seconds; second++) {
        const changed = Array.from({ length: 20 }, (_, index) => ({ hash: hashOf(index), downloadRate: 1000 * (second + index), progress: 0.5 + second / 100 }));
        daemon.tell({ changed, session: { downloadRate: 1000 * second } });
        await page.waitForTimeout(1000);
    }
    const share = ((await busy()) - before) / seconds;
    console.log(`paint: ${paints.join(', ')}; longest frames: ${frames.slice(0, 3).map((frame) => `${Math.round(frame)} ms`).join(', ')}; ` +
        `rows in the document: ${nodes}; of a core while 20 are active: ${(share * 100).toFixed(1)} %`);
});
