export type Provider = { issuer: string; authorization_endpoint: string; token_endpoint: string; jwks_uri: string };

/** Reads the provider's discovery document; the service does not start without it. */
export async function discover(issuer: string): Promise<Provider> {
  const answer = await fetch(new URL("/.well-known/openid-configuration", issuer));
  if (!answer.ok) throw new Error(`discovery of ${issuer} answered ${answer.status}`);
  const provider = (await answer.json()) as Provider;
  if (provider.issuer !== issuer) throw new Error(`discovery names another issuer: ${provider.issuer}`);
  return provider;
}
