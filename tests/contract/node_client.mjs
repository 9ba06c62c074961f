// A client in Node that puts on the wire what the documented setup-and-training program does.
//
//     node node_client.mjs BASE_URL KEY FOLDER INTERVAL
//
// It makes a model, uploads the photos of FOLDER, trains, waits, generates, and prints the first
// image as JSON. INTERVAL is the pause between two polls, in seconds.

import { readdir, readFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'

const [baseUrl, key, folder, interval] = process.argv.slice(2)

const SUFFIXES = new Set(['.jpg', '.jpeg', '.png', '.webp', '.heic'])
const [FEWEST, MOST] = [12, 20]
const PATIENCE_MS = 35 * 60 * 1000
const UNDER_WAY = new Set(['created', 'queued', 'running'])

const headers = { Authorization: `Bearer ${key}`, 'API-Version': '1' }

const pause = () => new Promise((done) => setTimeout(done, Number(interval) * 1000))

async function ask(path, options = {}) {
  const answer = await fetch(baseUrl + path, { headers, ...options })
  if (!answer.ok) throw new Error(await answer.text())
  return answer.json()
}

function askWithJson(path, body) {
  return ask(path, {
    method: 'POST',
    headers: { ...headers, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })
}

async function upload(modelId, path) {
  const form = new FormData()
  form.append('file', new File([await readFile(path)], basename(path)))
  form.append('data', JSON.stringify({ modelID: modelId, type: 'modelInput' }))
  await ask('/images/upload', { method: 'POST', body: form })
}

async function waitForModel(modelId) {
  const begun = Date.now()
  for (;;) {
    const { result: model } = await ask(`/models/${modelId}`)
    const status = String(model.status ?? '').toLowerCase()
    if (status === 'ready') return
    if (status === 'deleted') throw new Error('The model was deleted.')
    if (Date.now() - begun > PATIENCE_MS) throw new Error('The training takes too long.')
    await pause()
  }
}

async function waitForJob(jobId) {
  for (;;) {
    const { result: job } = await ask(`/jobs/${jobId}`)
    const status = String(job.status ?? '').toLowerCase()
    if (status === 'success') return job
    if (!UNDER_WAY.has(status)) throw new Error(job.error ?? `The job is ${status}.`)
    await pause()
  }
}

const person = {
  name: 'Sample Person',
  age: 27,
  gender: 'Female',
  ethnicity: 'south asian',
  eyeColor: 'brown',
}
const modelId = (await askWithJson('/models', person)).result.id

const photos = (await readdir(folder))
  .filter((name) => SUFFIXES.has(extname(name).toLowerCase()))
  .map((name) => join(folder, name))
  .slice(0, MOST)
if (photos.length < FEWEST) throw new Error(`${folder} has ${photos.length} photos.`)
for (const photo of photos) await upload(modelId, photo)

await ask(`/models/${modelId}/train`)
await waitForModel(modelId)

const wish = { modelID: modelId, prompt: 'at the beach', width: 320, height: 240 }
const { jobId } = (await askWithJson('/images/generation', wish)).result
const image = (await waitForJob(jobId)).images?.[0]
if (!image?.id || !image?.url) throw new Error('The job brought no image.')
console.log(JSON.stringify({ id: image.id, url: image.url }))
