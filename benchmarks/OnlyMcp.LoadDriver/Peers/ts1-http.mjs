// The TypeScript SDK, version 1, over HTTP: a session for each client that opens one.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { ready } from './channel.mjs';
import { load } from './packages.mjs';
import { addTools } from './tools.mjs';

const { McpServer } = await load('sdk/dist/esm/server/mcp.js');
const { StreamableHTTPServerTransport } = await load('sdk/dist/esm/server/streamableHttp.js');

const sessions = new Map();
const http = createServer(async (request, response) => {
    const transport = sessions.get(request.headers['mcp-session-id']) ?? (await newSession());
    await transport.handleRequest(request, response);
});
http.listen(0, '127.0.0.1', () => ready(`http://127.0.0.1:${http.address().port}/`));

async function newSession() {
    const transport = new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (id) => void sessions.set(id, transport),
    });
    const server = new McpServer({ name: 'benchmark', version: '1.0.0' });
    addTools(server);
    await server.connect(transport);
    return transport;
}
