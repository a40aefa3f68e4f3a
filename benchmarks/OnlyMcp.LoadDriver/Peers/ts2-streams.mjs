// The TypeScript SDK, version 2, for clients that only listen, in sessions and with subscriptions. Obeys Servers/HeldServer.cs.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { load } from './packages.mjs';
import { addTools } from './tools.mjs';

const { McpServer, createMcpHandler } = await load('server/dist/index.mjs');
const { NodeStreamableHTTPServerTransport, toNodeHandler } = await load('node/dist/index.mjs');

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
const sessions = new Map();
// Its default is 1,024.
const handler = createMcpHandler(newServer, { legacy: 'reject', maxSubscriptions: 20_000 });
const stateless = toNodeHandler(handler);
let listening = 0;
const http = createServer(async (request, response) => {
    if (request.headers['mcp-protocol-version'] === '2026-07-28') {
        listening++;
        response.on('close', () => listening--);
        await stateless(request, response);
    } else {
        const session = sessions.get(request.headers['mcp-session-id']) ?? (await newSession());
        await session.transport.handleRequest(request, response);
    }
});
http.listen({ port: 0, host: '127.0.0.1', backlog: 500 }, () => {
    const channel = connect(process.argv[2], () => channel.write(`http://127.0.0.1:${http.address().port}/\n`));
    channel.on('data', async (line) => channel.write(`${await obey(line.toString().trim())}\n`));
    channel.on('close', () => process.exit(0));
});

async function obey(command) {
    switch (command) {
        case 'change':
            handler.notify.toolsChanged();
            for (const { server } of sessions.values()) await server.server.sendToolListChanged();
            return 0;
        case 'memory':
            for (let i = 0; i < 3; i++) {
                collect();
                await setTimeout(50);
            }
            return process.memoryUsage().heapUsed;
        case 'held':
            return sessions.size + listening;
        default:
            return 0;
    }
}

function newServer() {
    const server = new McpServer({ name: 'benchmark', version: '1.0.0' });
    addTools(server);
    return server;
}

async function newSession() {
    const server = newServer();
    const transport = new NodeStreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (id) => void sessions.set(id, { server, transport }),
        onsessionclosed: (id) => void sessions.delete(id),
    });
    await server.connect(transport);
    return { server, transport };
}
