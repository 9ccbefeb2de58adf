// Devices that take policies as agents do: they report what they act on, fetch what the answer names, and act on that.
import {
  releaseName,
  Signed,
  type CheckInResponse,
  type DevicePolicy,
  type WireRecord,
} from '#shared/protocol.ts'
import { stepRelease } from '../../server/policy/release.ts'
import { currentReleases, type Release } from '../../server/store/releases.ts'
import { hash, type TestDevice } from './test-device.ts'
import type { TestServer } from './test-server.ts'

export interface Follower {
  readonly device: TestDevice
  /** What it acts on. */
  held: { readonly name: string; readonly policy: DevicePolicy } | null
  /** Policies that it takes; the others it refuses, and says so with its next report. */
  takes: (policy: DevicePolicy) => boolean
  /** Reports, and fetches what it is to have. */
  readonly report: (...records: readonly WireRecord[]) => Promise<CheckInResponse>
  /** How often it asked for a policy. */
  asked: number
}

export async function follower(server: TestServer): Promise<Follower> {
  const device = await server.enrolled()
  const waiting: WireRecord[] = []
  const one: Follower = {
    device,
    held: null,
    takes: () => true,
    asked: 0,
    async report(...records) {
      const facts = { policyVersion: one.held?.policy.version ?? null, release: one.held?.name ?? null }
      const answer = await device.report(device.seal([...records, ...waiting.splice(0)], facts))
      const told = answer.json<CheckInResponse>()
      if (one.held !== null && (told.release == null || told.release === one.held.name)) return told
      one.asked++
      const fetched = await device.send(
        'GET',
        '/api/v1/policy',
        undefined,
        {},
        one.held === null ? {} : { 'if-none-match': `"${one.held.name}"` },
      )
      if (fetched.statusCode !== 200) return told
      const { text } = Signed.parse(fetched.json())
      const policy = JSON.parse(text) as DevicePolicy
      if (one.takes(policy)) one.held = { name: releaseName(policy.version, text, hash), policy }
      else waiting.push(agentRecord('policy-refused', device.now()))
      return told
    },
  }
  return one
}

export function agentRecord(
  event: Extract<WireRecord, { type: 'agent' }>['event'],
  now: number,
): Extract<WireRecord, { type: 'agent' }> {
  return { type: 'agent', event, detail: null, at: now - (now % 86_400_000) }
}

const quarterMs = 15 * 60_000

/** Devices that have the policy that is in force, and have said so. */
export class PolicyFleet {
  readonly devices: Follower[] = []
  readonly #server: TestServer

  private constructor(server: TestServer) {
    this.#server = server
  }

  static async enrol(server: TestServer, size: number): Promise<PolicyFleet> {
    const fleet = new PolicyFleet(server)
    for (let n = 0; n < size; n++) fleet.devices.push(await follower(server))
    await fleet.reportAll()
    await fleet.reportAll()
    return fleet
  }

  async reportAll(of: readonly Follower[] = this.devices): Promise<void> {
    for (const one of of) await one.report()
  }

  having(version: number): Follower[] {
    return this.devices.filter(({ held }) => held?.policy.version === version)
  }

  /** The server looks at the release, as its job does. */
  step(): Promise<void> {
    return stepRelease(this.#server.context, this.#server.clock.now)
  }

  async newest(): Promise<Release | null> {
    return (await currentReleases(this.#server.context.store.read)).newest
  }

  /** Time passes, in parts in which everybody reports and the server looks. */
  async pass(ms: number, of: readonly Follower[] = this.devices, partMs = quarterMs): Promise<void> {
    for (let passed = 0; passed < ms; passed += partMs) {
      this.#server.clock.now += partMs
      await this.reportAll(of)
      await this.step()
    }
  }
}
