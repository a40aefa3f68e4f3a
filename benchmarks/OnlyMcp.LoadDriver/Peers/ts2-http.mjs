// The TypeScript SDK, version 2, over HTTP: 2026-07-28 without state, and a session for each client that opens one.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { ready } from './channel.mjs';
import { load } from './packages.mjs';
import { addTools } from './tools.mjs';

const { McpServer, createMcpHandler } = await load('server/dist/index.mjs');
const { NodeStreamableHTTPServerTransport, toNodeHandler } = await load('node/dist/index.mjs');

const sessions = new Map();
const stateless = toNodeHandler(createMcpHandler(newServer, { legacy: 'reject' }));
const http = createServer(async (request, response) => {
    if (request.headers['mcp-protocol-version'] === '2026-07-28') await stateless(request, response);
    else await (sessions.get(request.headers['mcp-session-id']) ?? (await newSession())).handleRequest(request, response);
});
http.listen(0, '127.0.0.1', () => ready(`http://127.0.0.1:${http.address().port}/`));

function newServer() {
    const server = new McpServer({ name: 'benchmark', version: '1.0.0' });
    addTools(server);
    return server;
}

async function newSession() {
    const transport = new NodeStreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (id) => void sessions.set(id, transport),
    });
    await newServer().connect(transport);
    return transport;
}
