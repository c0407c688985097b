// Ten thousand torrents. What the clock says depends on what else the machine does, and is printed; what is asserted is the time of the
// processor that the page's own thread took. The bounds are several times what docs/performance.md has.

import { hashOf, manyTorrents } from '../mock/data';
import { expect, test } from './fixtures';

const count = 10_000;

test('shows and scrolls ten thousand torrents', async ({ page, daemon }) => {
    test.setTimeout(180_000);
    const client = await page.context().newCDPSession(page);
    await client.send('Performance.enable', { timeDomain: 'threadTicks' });
    /** Seconds of the processor so far. */
    const work = async (): Promise<number> => (await client.send('Performance.getMetrics')).metrics.find((metric) => metric.name === 'TaskDuration')?.value ?? Number.NaN;

    daemon.reset(manyTorrents(count));
    const empty = await work();
    await page.goto(daemon.url);
    const grid = page.getByRole('grid', { name: 'Torrents' });
    await expect(grid).toHaveAttribute('aria-rowcount', String(count + 1), { timeout: 60_000 });
    const shown = await work();
    const paints = await page.evaluate(() => performance.getEntriesByType('paint').map((entry) => `${entry.name} ${Math.round(entry.startTime)} ms`));

    const steps = 120;
    const frames = await grid.evaluate(async (element, steps) => {
        const longest: number[] = [];
        let last = performance.now();
        for (let step = 1; step <= steps; step++) {
            element.scrollTop = (element.scrollHeight * step) / steps;
            await new Promise((resolve) => requestAnimationFrame(resolve));
            const now = performance.now();
            longest.push(now - last);
            last = now;
        }
        return longest.sort((a, b) => b - a);
    }, steps);
    const scrolled = await work();
    const nodes = await grid.getByRole('row').count();

    // Twenty active torrents, once a second.
    const seconds = 5;
    for (let second = 0; second < seconds; second++) {
        const changed = Array.from({ length: 20 }, (_, index) => ({ hash: hashOf(index), downloadRate: 1000 * (second + index), progress: 0.5 + second / 100 }));
        daemon.tell({ changed, session: { downloadRate: 1000 * second } });
        await page.waitForTimeout(1000);
    }
    const share = ((await work()) - scrolled) / seconds;
    const load = shown - empty;
    const step = (scrolled - shown) / steps;
    console.log(`${paints.join(', ')}; longest frames: ${frames.slice(0, 3).map((frame) => `${Math.round(frame)} ms`).join(', ')}; rows in the document: ${nodes}. ` +
        `Of the processor: ${Math.round(load * 1000)} ms until all are shown, ${(step * 1000).toFixed(1)} ms a step of scrolling, ${(share * 100).toFixed(1)} % while 20 are active`);
    expect(nodes).toBeLessThan(60);
    expect(load).toBeGreaterThan(0);
    expect(load).toBeLessThan(10);
    expect(step).toBeLessThan(0.4);
    expect(share).toBeLessThan(0.75);
});
