// Shows the description of this service. Tokens that are typed in are forgotten with the page.
SwaggerUIBundle({
  url: "/api/schema",
  dom_id: "#docs",
  deepLinking: true,
  displayRequestDuration: true,
  filter: true,
  persistAuthorization: false,
  // No other host checks the description.
  validatorUrl: null,
});
