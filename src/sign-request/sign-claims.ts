/** A request as Swagger UI is about to send it. */
interface OutgoingRequest {
  readonly headers: Record<string, string | undefined>;
}

/**
 * Runs in the browser, inside Swagger UI. Where the caller authorized with claims (a JSON object) in place of a relying
 * party's token, the sandbox signs them for this call: such a token serves once and two minutes, too short to be pasted.
 */
export async function signClaims<Request extends OutgoingRequest>(request: Request): Promise<Request> {
  const claims = request.headers.Authorization;
  if (!claims?.startsWith('{')) return request;
  const answer = await fetch('/sandbox/sign-token', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: `{"claims":${claims}}`,
  });
  const { token } = (await answer.json()) as { token?: string };
  request.headers.Authorization = token;
  return request;
}
