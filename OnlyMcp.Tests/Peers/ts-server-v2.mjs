// The TypeScript SDK's version 2 as a server:  node ts-server-v2.mjs stdio | http
// Both serve both eras: 2026-07-28 without state, older revisions after `initialize` (over http in a session).
import { randomUUID } from 'node:crypto';
import { NodeStreamableHTTPServerTransport, toNodeHandler, toWebRequest } from '@modelcontextprotocol/node';
import { McpServer, ResourceTemplate, acceptedContent, completable, createMcpHandler, inputRequired, isInitializeRequest, isLegacyRequest } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';
import { addChanges, addFeatures, addGrown, addQuestions, serverInfo, serverOptions } from './features.mjs';
import { listen, readJson } from './listen.mjs';

const sessions = new Map();
const handler = createMcpHandler(newServer, { legacy: 'reject' });
const modern = toNodeHandler(handler);
let hasGrown = false;

switch (process.argv[2]) {
    case 'stdio':
        serveStdio(newServer);
        break;
    case 'http':
        listen('/mcp', http);
        break;
    default:
        console.error('usage: stdio | http');
        process.exit(1);
}

function newServer() {
    const server = new McpServer(serverInfo('ts-server-v2'), serverOptions);
    addFeatures(server, (context, notification) => context.mcpReq.notify(notification), { ResourceTemplate, completable });
    addQuestions(server, (context, key, request) => {
        const answer = context.mcpReq.inputResponses?.[key];
        return answer ? { answer } : { required: inputRequired({ inputRequests: { [key]: request } }) };
    });
    addSubscriptions(server);
    if (hasGrown) addGrown(server);
    const form = z.object({ name: z.string() });
    server.registerTool('ask', { description: 'Asks the user for a name' }, (context) => {
        const answer = acceptedContent(context.mcpReq.inputResponses, 'name', form);
        if (!answer) return inputRequired({ inputRequests: { name: inputRequired.elicit({ message: 'Who are you?', requestedSchema: form }) } });
        return { content: [{ type: 'text', text: `Hello, ${answer.name}` }] };
    });
    return server;
}

// Without state each request has a server of its own: what changes is told beside them, to whoever listens.
function addSubscriptions(server) {
    server.server.setRequestHandler('resources/subscribe', () => ({}));
    server.server.setRequestHandler('resources/unsubscribe', () => ({}));
    addChanges(
        server,
        async (uri) => {
            handler.notify.resourceUpdated(uri);
            if (server.isConnected()) await server.server.sendResourceUpdated({ uri });
        },
        () => {
            if (!hasGrown) addGrown(server);
            hasGrown = true;
            handler.notify.toolsChanged();
        },
    );
}

async function http(request, response) {
    const body = request.method === 'POST' ? await readJson(request) : undefined;
    if (await isLegacyRequest(await toWebRequest(request, body))) await legacy(request, response, body);
    else await modern(request, response, body);
}

async function legacy(request, response, body) {
    let transport = sessions.get(request.headers['mcp-session-id']);
    if (!transport && isInitializeRequest(body)) {
        transport = new NodeStreamableHTTPServerTransport({
            sessionIdGenerator: randomUUID,
            onsessioninitialized: (id) => void sessions.set(id, transport),
            onsessionclosed: (id) => void sessions.delete(id),
        });
        await newServer().connect(transport);
    }
    if (transport) await transport.handleRequest(request, response, body);
    else response.writeHead(request.headers['mcp-session-id'] ? 404 : 400).end('no such session');
}
