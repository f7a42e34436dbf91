// What a program on imapflow does, against a server: port user password ca ("": in clear).
// It fails on the first thing that does not hold, and on any response that
// imapflow could not read.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const { ImapFlow } = createRequire(process.cwd() + '/')('imapflow')
const [port, user, pass, ca] = process.argv.slice(2)
const work = 'Работа/2026 R&D'

const complaints = []
const complain = entry => complaints.push(entry)
const logger = { trace() {}, debug() {}, info() {}, warn: complain, error: complain }

async function connected() {
  const client = new ImapFlow({ host: 'localhost', port, secure: !!ca, doSTARTTLS: false, tls: ca && { ca: readFileSync(ca) }, auth: { user, pass }, logger, qresync: true })
  await client.connect()
  return client
}

const octets = async stream => {
  const chunks = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const client = await connected()
assert(client.enabled.has('CONDSTORE') && client.enabled.has('QRESYNC'))

const folders = await client.list({ statusQuery: { messages: true, unseen: true } })
const before = folders.find(f => f.path === work).status.messages
assert.equal(folders.find(f => f.specialUse === '\\Sent').path, 'Sent')
assert.equal(folders.find(f => f.specialUse === '\\Inbox').path, 'INBOX')

let box = await client.mailboxOpen(work)
assert.equal(box.exists, before)
assert(box.permanentFlags.has('\\*') && box.flags.has('Vazhno') && box.highestModseq > 1n && !box.noModseq)

// Fetch.
let count = 0
for await (const m of client.fetch('1:*', { uid: true, flags: true, envelope: true, bodyStructure: true, internalDate: true, size: true, headers: ['message-id'] })) {
  count++
  assert(m.modseq > 0n && m.size > 0 && m.bodyStructure.type)
}
assert.equal(count, box.exists)
let m = await client.fetchOne('296', { envelope: true, bodyStructure: true, flags: true, bodyParts: ['1', '2'], labels: true }, { uid: true })
assert.equal(m.envelope.subject, 'С вложением')
assert.equal(m.envelope.from[0].name, 'Анна Иванова')
assert.deepEqual([...m.flags].sort(), ['$Forwarded', 'Vazhno', '\\Flagged'])
assert.deepEqual(m.bodyStructure.childNodes.map(n => n.type), ['text/plain', 'application/octet-stream'])
assert.equal(m.bodyStructure.childNodes[1].dispositionParameters.filename, 'Отчёт.bin')
assert.equal(m.bodyParts.get('1').toString(), 'Письмо номер 296.\r\n')
const attachment = await client.download('296', '2', { uid: true })
assert.equal((await octets(attachment.content)).length, 256 * 40)
assert.equal((await client.fetchOne('297', { source: true }, { uid: true })).source.length, (await client.fetchOne('297', { size: true }, { uid: true })).size)
assert.equal((await octets((await client.download('300', '1', { uid: true })).content)).toString(), 'Привет\r\n')
assert.equal(await client.fetchOne('9999', { flags: true }, { uid: true }), false)

// Search.
assert.deepEqual(await client.search({ flagged: true }, { uid: true }), [296])
assert.deepEqual(await client.search({ subject: 'мегабайт', larger: 1 << 20 }, { uid: true }), [297])
assert.deepEqual(await client.search({ or: [{ keyword: 'vazhno' }, { uid: '298' }], since: '2026-01-01' }, { uid: true }), [296, 298])

// Flags, copies and moves.
assert(await client.messageFlagsAdd('297', ['\\Answered', '$Mark'], { uid: true }))
assert(await client.messageFlagsRemove('297', ['$Mark'], { uid: true }))
m = await client.fetchOne('297', { flags: true }, { uid: true })
assert(m.flags.has('\\Answered') && !m.flags.has('$Mark'))
const seen = (await client.search({ seen: true }, { uid: true })).length
await client.messageFlagsAdd({ uid: '3:6' }, ['\\Seen'], { uid: true, unchangedSince: 1n })
assert.equal((await client.search({ seen: true }, { uid: true })).length, seen)

await client.mailboxCreate('От imapflow/Ниже')
await client.mailboxRename('От imapflow', 'Переименовано')
await client.mailboxSubscribe('Переименовано/Ниже')
const made = await client.append('Переименовано', 'Subject: от imapflow\r\n\r\nтело\r\n', ['\\Seen', '$Flow'], new Date('2026-03-08T09:00:00Z'))
assert.equal(made.uid, 1)
const copied = await client.messageCopy('298,300', 'Переименовано', { uid: true })
assert.deepEqual([...copied.uidMap], [[298, 2], [300, 3]])
const moved = await client.messageMove('299', 'Переименовано', { uid: true })
assert.deepEqual([...moved.uidMap], [[299, 4]])
assert.equal(client.mailbox.exists, before - 1)
assert.equal((await client.status('Переименовано', { messages: true, uidNext: true, highestModseq: true, recent: true, unseen: true })).messages, 4)
await client.mailboxDelete('Переименовано/Ниже')
await assert.rejects(client.mailboxOpen('Переименовано/Ниже'), e => e.serverResponseCode === 'NONEXISTENT')
await client.mailboxOpen('Переименовано')
assert(await client.messageDelete('1', { uid: true }))
assert.equal(client.mailbox.exists, 3)
await client.getQuota('INBOX')
await client.noop()

// What another session does is told while this one idles.
box = await client.mailboxOpen('INBOX')
const other = await connected()
const told = name => new Promise((resolve, reject) => {
  client.once(name, resolve)
  setTimeout(() => reject(new Error(`was not told: ${name}`)), 20000).unref()
})
const idling = client.idle()
let news = told('exists')
const uid = (await other.append('INBOX', 'Subject: новое\r\n\r\n')).uid
assert.equal((await news).count, box.exists)
await other.mailboxOpen('INBOX')
news = told('flags')
await other.messageFlagsAdd(`${uid}`, ['\\Flagged'], { uid: true })
assert((await news).flags.has('\\Flagged'))
news = told('expunge')
await other.messageDelete(`${uid}`, { uid: true })
const gone = await news
assert(gone.vanished && gone.uid === uid, JSON.stringify(gone))
await client.noop() // ends the idling
await idling

await other.logout()
await client.logout()
assert.deepEqual(complaints.filter(c => !c.err?.mailboxMissing), []) // which was asked for above
console.log('imapflow: all is well')
