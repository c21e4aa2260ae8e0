import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance, onRequestAsyncHookHandler } from 'fastify'

/** The page is from here, draws its own pictures and asks nobody else. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  // The hash of the one style that the page itself writes.
  "style-src 'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
]

/** The document of the API and its page, for anybody: they hold no data. */
export function docsRoutes(title: string, byAddress: onRequestAsyncHookHandler) {
  return async (app: FastifyInstance) => {
    app.addHook('onRequest', byAddress)
    app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger())
    await app.register(swaggerUi, {
      routePrefix: '/docs',
      staticCSP: PAGE_POLICY.join('; '),
      // No badge of an outside validator, no foreign logo: the page works without the internet.
      uiConfig: { validatorUrl: null },
      theme: {
        title,
        css: [{ filename: 'theme.css', content: '.swagger-ui .topbar { display: none }' }],
      },
    })
  }
}
