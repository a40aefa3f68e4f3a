// A guarded server of the TypeScript SDK's version 2, for both eras:  node ts-server-auth-v2.mjs ISSUER
import { toNodeHandler } from '@modelcontextprotocol/node';
import {
    McpServer, OAuthError, OAuthErrorCode, createMcpHandler, getOAuthProtectedResourceMetadataUrl, oauthMetadataResponse, requireBearerAuth, requireScopes,
} from '@modelcontextprotocol/server';
import { addTools, scopes, verifierOf, writing } from './guard.mjs';
import { listenAs } from './listen.mjs';

listenAs('/mcp', async (address) => {
    const resourceServerUrl = new URL(address);
    const verifier = await verifierOf(process.argv[2], (message) => new OAuthError(OAuthErrorCode.InvalidToken, message));
    const gate = requireBearerAuth({
        verifier, requiredScopes: scopes, expectedResource: resourceServerUrl, resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(resourceServerUrl),
    });
    const handler = createMcpHandler(newServer);
    return toNodeHandler({
        async fetch(request) {
            const document = oauthMetadataResponse(request, { oauthMetadata: verifier.metadata, resourceServerUrl, scopesSupported: scopes });
            if (document) return document;
            const authInfo = await gate(request);
            return authInfo instanceof Response ? authInfo : await handler.fetch(request, { authInfo });
        },
    });
});

function newServer() {
    const server = new McpServer({ name: 'ts-server-auth-v2', version: '1.0.0' });
    addTools(server, (context) => context.http.authInfo, { scopeChallenge: requireScopes(...writing) });
    return server;
}
