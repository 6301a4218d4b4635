/** What tests of apps that use the session server need: a provider, an engine, a browser. Not shipped. */
export { buildTestPages, findFreePort } from './testing/test-app.ts';
export { ask, ownPage, TestBrowser } from './testing/test-browser.ts';
export { startTestEngine, type TestEngine } from './testing/test-engine.ts';
export { clientId, clientSecret, startTestProvider, type TestProvider } from './testing/test-provider.ts';
