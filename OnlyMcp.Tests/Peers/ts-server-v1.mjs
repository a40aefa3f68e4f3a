// The TypeScript SDK's version 1 as a server:  node ts-server-v1.mjs stdio | http | sse
// http is Streamable HTTP with sessions (2025-03-26 to 2025-11-25), sse is the HTTP+SSE transport of 2024-11-05.
import { randomUUID } from 'node:crypto';
import { completable } from '@modelcontextprotocol/sdk/server/completable.js';
import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { SubscribeRequestSchema, UnsubscribeRequestSchema, isInitializeRequest } from '@modelcontextprotocol/sdk/types.js';
import { addChanges, addFeatures, addGrown, addQuestions, serverInfo, serverOptions } from './features.mjs';
import { exitWithParent, listen, readJson } from './listen.mjs';
import { addTasks, taskCapability, taskOptions } from './tasks-server-v1.mjs';

const sessions = new Map();

switch (process.argv[2]) {
    case 'stdio':
        await newServer().connect(new StdioServerTransport());
        exitWithParent();
        break;
    case 'http':
        listen('/mcp', streamableHttp);
        break;
    case 'sse':
        listen('/sse', httpWithSse);
        break;
    default:
        console.error('usage: stdio | http | sse');
        process.exit(1);
}

function newServer() {
    const capabilities = { ...serverOptions.capabilities, tasks: taskCapability };
    const server = new McpServer(serverInfo('ts-server-v1'), { ...serverOptions, ...taskOptions, capabilities });
    addFeatures(server, (context, notification) => context.sendNotification(notification), { ResourceTemplate, completable });
    addQuestions(server, async (_, key, { method, params }) => {
        if (method === 'roots/list') return { answer: await server.server.listRoots() };
        if (method === 'sampling/createMessage') return { answer: await server.server.createMessage(params) };
        return { answer: await server.server.elicitInput(params.mode === 'url' ? { ...params, elicitationId: randomUUID() } : params) };
    });
    addSubscriptions(server);
    addTasks(server);
    // Version 2 asks in another way, so this tool is not among the shared ones.
    server.registerTool('ask', { description: 'Asks the user for a name' }, async () => {
        const answer = await server.server.elicitInput({
            message: 'Who are you?',
            requestedSchema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
        });
        return { content: [{ type: 'text', text: answer.action === 'accept' ? `Hello, ${answer.content.name}` : answer.action }] };
    });
    return server;
}

function addSubscriptions(server) {
    const subscribed = new Set();
    server.server.setRequestHandler(SubscribeRequestSchema, ({ params }) => (subscribed.add(params.uri), {}));
    server.server.setRequestHandler(UnsubscribeRequestSchema, ({ params }) => (subscribed.delete(params.uri), {}));
    addChanges(
        server,
        (uri) => subscribed.has(uri) && server.server.sendResourceUpdated({ uri }),
        () => addGrown(server),
    );
}

async function streamableHttp(request, response) {
    const body = request.method === 'POST' ? await readJson(request) : undefined;
    let transport = sessions.get(request.headers['mcp-session-id']);
    if (!transport && isInitializeRequest(body)) {
        transport = new StreamableHTTPServerTransport({
            sessionIdGenerator: randomUUID,
            onsessioninitialized: (id) => sessions.set(id, transport),
            onsessionclosed: (id) => sessions.delete(id),
        });
        await newServer().connect(transport);
    }
    if (transport) await transport.handleRequest(request, response, body);
    else response.writeHead(request.headers['mcp-session-id'] ? 404 : 400).end('no such session');
}

async function httpWithSse(request, response) {
    const url = new URL(request.url, 'http://localhost');
    if (request.method === 'GET' && url.pathname === '/sse') {
        const transport = new SSEServerTransport('/messages', response);
        sessions.set(transport.sessionId, transport);
        response.on('close', () => sessions.delete(transport.sessionId));
        await newServer().connect(transport);
    } else if (request.method === 'POST' && url.pathname === '/messages') {
        const transport = sessions.get(url.searchParams.get('sessionId'));
        if (transport) await transport.handlePostMessage(request, response);
        else response.writeHead(404).end('no such session');
    } else {
        response.writeHead(405).end();
    }
}
