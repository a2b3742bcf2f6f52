import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { filesBelow, root } from '../architecture/sources.js'

const require = createRequire(import.meta.url)

interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly [field: string]: unknown
}

const manifests = filesBelow('examples/kubernetes', '.yaml').flatMap((file) =>
  parseAllDocuments(readFileSync(join(root, file), 'utf8')).map((document) => {
    expect(document.errors, file).toEqual([])
    return { file, manifest: document.toJS() as Manifest }
  }),
)

/** The class of the Kubernetes API's own schemas that checks a kind. */
function modelOf({ apiVersion, kind }: Manifest): new (fields: unknown) => { validate(): void } {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion]
  const folder = group === '' ? version : `${group}/${version}`
  return (require(`kubernetes-models/${folder}/${kind}`) as Record<string, never>)[kind] as never
}

const find = (kind: string): Manifest | undefined => manifests.find(({ manifest }) => manifest.kind === kind)?.manifest

interface PodSpec {
  readonly terminationGracePeriodSeconds: number
  readonly containers: readonly [
    {
      readonly ports: readonly { readonly containerPort: number }[]
      readonly lifecycle: { readonly preStop: { readonly sleep: { readonly seconds: number } } }
      readonly securityContext: unknown
    },
  ]
}
const pod = (): PodSpec => {
  const { spec } = find('Deployment') as Manifest & { spec: { template: { spec: PodSpec } } }
  return spec.template.spec
}

describe('the Kubernetes manifests', () => {
  it.each(manifests.map(({ file, manifest }) => [file, manifest.kind, manifest] as const))(
    '%s: %s fits the schema of its kind',
    (_, __, manifest) => {
      const { apiVersion: _version, kind: _kind, ...fields } = manifest
      const Model = modelOf(manifest)
      expect(() => new Model(fields).validate()).not.toThrow()
    },
  )

  it('the schemas refuse what does not fit', () => {
    const Model = modelOf({ apiVersion: 'apps/v1', kind: 'Deployment' })
    expect(() => new Model({ spec: { replicas: 'three' } }).validate()).toThrow()
  })

  it.each([
    'Deployment',
    'Service',
    'Ingress',
    'ConfigMap',
    'Secret',
    'HorizontalPodAutoscaler',
    'PodDisruptionBudget',
    'Role',
    'RoleBinding',
    'ServiceAccount',
  ])('there is a %s', (kind) => {
    expect(find(kind)).toBeDefined()
  })

  it('name the ports that the program listens on by default', () => {
    const program = readFileSync(join(root, 'examples/kubernetes/main.ts'), 'utf8')
    const ports = pod().containers[0].ports.map(({ containerPort }) => String(containerPort))
    for (const port of ports) expect(program).toContain(`'${port}'`)
  })

  it('leave time for preStop and the drain within the grace period', () => {
    const { terminationGracePeriodSeconds, containers } = pod()
    const drainMs = Number(
      /drainTimeoutMs: ([\d_]+)/
        .exec(readFileSync(join(root, 'examples/kubernetes/main.ts'), 'utf8'))?.[1]
        ?.replaceAll('_', ''),
    )
    expect(containers[0].lifecycle.preStop.sleep.seconds + drainMs / 1000).toBeLessThan(terminationGracePeriodSeconds)
  })

  it('run with the restricted security context', () => {
    expect(pod().containers[0].securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
  })
})
