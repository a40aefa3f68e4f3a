// The TypeScript SDK, version 1, over stdio.
import { ready } from './channel.mjs';
import { load } from './packages.mjs';
import { addTools } from './tools.mjs';

const { McpServer } = await load('sdk/dist/esm/server/mcp.js');
const { StdioServerTransport } = await load('sdk/dist/esm/server/stdio.js');

const server = new McpServer({ name: 'benchmark', version: '1.0.0' });
addTools(server);
await server.connect(new StdioServerTransport());
ready('ready');
