// What the guarded servers of both TypeScript SDKs share: `whoami` for every token, `write` for those with the scope notes:write.
import { createRemoteJWKSet, jwtVerify } from 'jose';

export const scopes = ['mcp:use'];
export const writing = ['notes:write'];

export function addTools(server, authInfoOf, needsWriting = {}) {
    server.registerTool('whoami', { description: 'Says whose token came' }, (context) => {
        const { clientId, scopes: granted } = authInfoOf(context);
        return { content: [{ type: 'text', text: JSON.stringify({ clientId, scopes: granted }) }] };
    });
    server.registerTool('write', { description: 'Needs a scope of its own', ...needsWriting }, () => ({ content: [{ type: 'text', text: 'written' }] }));
}

/** Checks JWTs of an issuer, and reports their audience, which both SDKs compare. */
export async function verifierOf(issuer, invalid) {
    const metadata = await (await fetch(`${issuer}/.well-known/oauth-authorization-server`)).json();
    const keys = createRemoteJWKSet(new URL(metadata.jwks_uri));
    return {
        metadata,
        async verifyAccessToken(token) {
            const { payload } = await jwtVerify(token, keys, { issuer }).catch((error) => {
                throw invalid(error.message);
            });
            return { token, clientId: payload.client_id, scopes: payload.scope?.split(' ') ?? [], expiresAt: payload.exp, resource: new URL(payload.aud) };
        },
    };
}
