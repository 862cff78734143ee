// SPDX-License-Identifier: MIT
// The declaration as a Fastify service would take it: form in a JSON schema, state in PostgreSQL.
// Environment: DATABASE_URL, PORT, TOKEN (the firm's key), STATEMENT (a file), CONNECTIONS, WORKERS.
import cluster from 'node:cluster'
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import Fastify from 'fastify'
import pg from 'pg'

const text = readFileSync(process.env.STATEMENT, 'utf8')
const workers = Number(process.env.WORKERS ?? 1)

const goods = {
  type: 'object', required: ['hs', 'quantity', 'unit'],
  properties: {
    hs: { type: 'string', pattern: '^[0-9]{8}$' }, quantity: { type: 'number', exclusiveMinimum: 0 },
    description: { type: 'string', maxLength: 500 }, origin: { type: 'string', pattern: '^[A-Z]{2}$' }
  }
}
const vehicle = {
  type: 'object', required: ['plate', 'driver'],
  properties: {
    plate: { type: 'string', pattern: '^[0-9]{2}[A-Z][0-9]{4,5}$' },
    driver: { type: 'object', properties: { phone: { type: 'string', pattern: '^0[0-9]{9}$' } } }
  }
}
const body = {
  type: 'object', required: ['gate', 'direction', 'vehicles', 'goods', 'customs_declarations', 'planned_arrival'],
  properties: {
    gate: { enum: ['CKHN', 'TT'] }, direction: { enum: ['import', 'export'] },
    planned_arrival: { type: 'string', format: 'date-time' },
    vehicles: { type: 'array', items: vehicle, minItems: 1 }, goods: { type: 'array', items: goods, minItems: 1 },
    customs_declarations: {
      type: 'array', minItems: 1,
      items: { type: 'object', properties: { number: { type: 'string', pattern: '^[0-9]{12}$' } } }
    }
  }
}

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()
const asUuid = digest => digest.subarray(0, 16).toString('hex')
const classOf = hs => ({ '08': 'perishable', 85: 'electronics' })[hs.slice(0, 2)] ?? 'general'

function serve () {
  const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: Number(process.env.CONNECTIONS ?? 32) })
  const app = Fastify({ logger: false })
  const authorization = `Bearer ${process.env.TOKEN}`

  app.post('/v1/declarations', { schema: { body } }, async (request, reply) => {
    const asked = request.body
    const key = request.headers['idempotency-key']
    if (request.headers.authorization !== authorization) return reply.code(401).send()
    if (!key) return reply.code(400).send()
    const { plate } = asked.vehicles[0]
    const kind = classOf(asked.goods[0].hs)
    const document = JSON.stringify(asked)
    const hidden = `{"by":1,"firm":1,"plate":"${plate}","document":${document}}`
    const salt = randomBytes(16)
    const rest = `"role":"main","plate":"${plate}","class":"${kind}","state":"declared","version":1,` +
      '"open":[{"step":"registered","agency":"customs"}],"done":[]}],"state":"ready","version":1}'
    const keyHash = asUuid(sha256(key))
    try {
      const { rows } = await pool.query({
        name: 'declare', text,
        values: [asked.gate === 'CKHN' ? 1 : 2, 1, plate, asked.direction, kind, asked.planned_arrival, document, keyHash, asUuid(sha256(document)), salt, hidden,
          sha256(salt, hidden).toString('hex'), asked.customs_declarations[0].number, rest]
      })
      return reply.code(201).type('application/json').send(rows[0].body)
    } catch (error) {
      if (error.constraint === 'reply_pkey') {
        const { rows } = await pool.query('select body from peer.reply where key = $1', [keyHash])
        return reply.code(201).type('application/json').send(rows[0].body)
      }
      return reply.code(error.constraint === 'live_plate_pkey' ? 409 : 500).send({ code: error.code })
    }
  })
  app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })
}

if (workers > 1 && cluster.isPrimary) {
  for (let i = 0; i < workers; i++) cluster.fork()
  process.on('SIGTERM', () => { for (const id in cluster.workers) cluster.workers[id].kill(); process.exit(0) })
} else {
  serve()
}
