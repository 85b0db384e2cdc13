// Shows the description of this service. Tokens that are typed in are forgotten with the page.

// Puts no example where nothing has to be: a request would ask for what nobody wants, or for what excludes each other.
function withoutOptionalExamples(description) {
  for (const path of Object.values(description.paths)) {
    for (const operation of Object.values(path)) {
      for (const parameter of operation.parameters ?? []) {
        if (!parameter.required) delete parameter.example;
      }
    }
  }
  return description;
}

fetch("/api/schema")
  .then((answer) => answer.json())
  .then((description) =>
    SwaggerUIBundle({
      spec: withoutOptionalExamples(description),
      dom_id: "#docs",
      deepLinking: true,
      displayRequestDuration: true,
      filter: true,
      persistAuthorization: false,
      // No other host checks the description.
      validatorUrl: null,
    }),
  );
