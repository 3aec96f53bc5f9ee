export async function chromiumPath(): Promise<{ executablePath: string; env: Record<string, string>; args: string[] }> {
  return { executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium', env: {}, args: ['--no-sandbox'] };
}
