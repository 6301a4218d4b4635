/** Import rules between folders, each with its reason; testing/walls.test.ts plants a breach of each and sees it found. */
module.exports = {
  forbidden: [
    {
      name: 'apps-never-import-apps',
      comment:
        "Each app is a process with credentials of its own; an import would carry one's code into another's process.",
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'packages-never-import-apps',
      comment: 'Packages are used outside Cordon.',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^apps/' },
    },
    {
      name: 'controls-never-import-apps',
      comment:
        'A control asks the system from outside, through what it is handed; the command line hands it that.',
      severity: 'error',
      from: { path: '^compliance/' },
      to: { path: '^apps/' },
    },
    {
      name: 'packages-through-their-door',
      comment:
        'A package is imported through its entry points alone (index.ts and those that its package.json exports): what lies behind may change freely.',
      severity: 'error',
      from: { path: '^(apps|packages|bench|compliance)/([^/]+)/' },
      to: {
        path: '^packages/[^/]+/',
        pathNot:
          '^packages/[^/]+/(index|testing|prover|at-rest|certificates|processes|postgres)\\.ts$|^packages/$2/',
      },
    },
    {
      name: 'features-through-their-door',
      comment: 'A feature of the engine owns its routes, queries and errors; others import its index.ts.',
      severity: 'error',
      from: { path: '^apps/engine/src/', pathNot: '^apps/engine/src/features/([^/]+)/' },
      to: {
        path: '^apps/engine/src/features/[^/]+/',
        pathNot: '^apps/engine/src/features/[^/]+/index\\.ts$',
      },
    },
    {
      name: 'features-do-not-look-into-features',
      comment: 'The same wall between two features.',
      severity: 'error',
      from: { path: '^apps/engine/src/features/([^/]+)/' },
      to: {
        path: '^apps/engine/src/features/[^/]+/',
        pathNot: '^apps/engine/src/features/$1/|^apps/engine/src/features/[^/]+/index\\.ts$',
      },
    },
    {
      name: 'only-the-pipeline-takes-keys',
      comment:
        'No key without an audit entry: features receive keys from the request pipeline, which makes the entry durable first.',
      severity: 'error',
      from: { path: '^apps/engine/src/features/' },
      to: { path: '^apps/engine/src/keys/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'pure-packages-are-pure',
      comment:
        "The scrubber and the log's verifier run in browsers and on auditors' machines, with nothing installed.",
      severity: 'error',
      from: {
        path: '^packages/(pan-scrubber|transparency-log)/',
        pathNot: '\\.test\\.ts$|\\.prop\\.test\\.ts$|/testing/',
      },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'the-scrubber-knows-no-platform',
      comment: 'It runs in the browser before a text is sent.',
      severity: 'error',
      from: { path: '^packages/pan-scrubber/', pathNot: '\\.test\\.ts$|\\.prop\\.test\\.ts$|/testing/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'pages-import-no-server-code',
      comment: 'What a page imports is sent to every browser.',
      severity: 'error',
      from: {
        path: '^(apps/[^/]+/ui|packages/clinic-page)/',
        pathNot: 'vite\\.config\\.ts$|\\.test\\.tsx?$',
      },
      to: { path: '^(apps/[^/]+/src|packages/(?!pan-scrubber|phi-redaction|clinic-page))' },
    },
    {
      name: 'no-model-provider-outside-the-gateway',
      comment: 'The AI gateway is the only way to a model.',
      severity: 'error',
      // The tests let other people's clients talk to the gateway.
      from: { pathNot: '^apps/engine/src/features/ai-gateway/|^testing/ai/' },
      // Also where it is not installed: then it is known by its name.
      to: {
        path: '(^|node_modules/)(openai|@azure/openai|@anthropic-ai|@google/(genai|generative-ai)|@google-cloud/(vertexai|aiplatform)|@mistralai|cohere-ai|groq-sdk|ollama|replicate|together-ai|@huggingface|@openrouter|@aws-sdk/client-bedrock[^/]*|ai|@ai-sdk|langchain|@langchain|llamaindex|@portkey-ai)(/|$)',
      },
    },
    {
      name: 'no-test-code-in-production',
      comment: 'What tests need is not shipped.',
      severity: 'error',
      from: { path: '^(apps|packages)/', pathNot: '\\.test\\.tsx?$|/testing|/testing\\.ts$' },
      to: { path: '^testing/|/testing/|\\.test\\.tsx?$' },
    },
    {
      name: 'no-circles',
      comment: 'A circle has no bottom to start reading from.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'nothing-unresolvable',
      comment: 'An import that cannot be resolved is not checked by any rule above.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // What was built here; libraries that lie in a folder of that name are seen.
    exclude: { path: '^(apps|packages)/[^/]+/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['cordon-source', 'import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    },
  },
};
