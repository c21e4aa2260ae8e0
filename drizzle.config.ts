import { defineConfig } from 'drizzle-kit'

const name = process.env['DATABASE'] === 'postgres' ? 'postgres' : 'sqlite'

export default defineConfig({
  dialect: name === 'sqlite' ? 'sqlite' : 'postgresql',
  schema: `./src/platform/database/schema-${name}.ts`,
  out: `./migrations/${name}`,
})
