// Runs the real program, which FRESHET names.

import { spawn, type ChildProcess } from 'node:child_process';

export const program = process.env.FRESHET ?? '../artifacts/bin/Freshet.Cli/release/freshet';

/** What the program prints before it can be visited: its address with the token, which the page takes out of it. */
export const address = /(http:\/\/127\.0\.0\.1:\d+\/#token=\S+)/;

export function start(...args: readonly string[]): ChildProcess {
    return spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Waits for a line of a program's output that has what is looked for. */
export function printed(child: ChildProcess, pattern: RegExp): Promise<string> {
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
        child.on('exit', (code) => {
            clearTimeout(timer);
            reject(new Error(`It ended with ${code}: ${text}`));
        });
    });
}

export async function end(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
    await ended;
    clearTimeout(timer);
}
