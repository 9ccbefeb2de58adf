// The agent's own version, as it tells it. Kept in step with package.json by a repository test.
export const agentVersion = '0.1.0'
