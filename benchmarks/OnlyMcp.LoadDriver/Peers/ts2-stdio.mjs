// The TypeScript SDK, version 2, over stdio.
import { ready } from './channel.mjs';
import { load } from './packages.mjs';
import { addTools } from './tools.mjs';

const { McpServer } = await load('server/dist/index.mjs');
const { serveStdio } = await load('server/dist/stdio.mjs');

serveStdio(() => {
    const server = new McpServer({ name: 'benchmark', version: '1.0.0' });
    addTools(server);
    return server;
});
ready('ready');
