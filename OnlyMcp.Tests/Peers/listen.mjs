// How every server peer listens: a free port of the loopback address, said on the first line of stdout; gone when stdin closes.
import { createServer } from 'node:http';

export function listen(path, handle) {
    listenAs(path, () => handle);
}

/** For a server that must know its own address: `newHandle` is called with it. */
export function listenAs(path, newHandle) {
    let handle;
    const server = createServer((request, response) => {
        Promise.resolve(handle(request, response)).catch((error) => {
            console.error(error);
            if (!response.headersSent) response.writeHead(500);
            response.end();
        });
    });
    server.listen(0, '127.0.0.1', async () => {
        const address = `http://127.0.0.1:${server.address().port}${path}`;
        handle = await newHandle(address);
        console.log(`listening ${address}`);
    });
    exitWithParent();
}

export function exitWithParent() {
    process.stdin.on('end', () => process.exit(0)).resume();
}

/** The body as JSON, or undefined; both SDKs take a body that was read before them. */
export async function readJson(request) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    try {
        return JSON.parse(Buffer.concat(chunks).toString('utf8'));
    } catch {
        return undefined;
    }
}
