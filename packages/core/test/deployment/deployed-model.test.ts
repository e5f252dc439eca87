import type { DeployedModel, Graph, JsonObject, Task } from '@mnas/core/contracts'
import { deployedModel } from '@mnas/core/deployment'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

const graph: Graph = { inputs: {}, nodes: [], outputs: {} }

/** A task that notes how it is asked to deploy. */
function listeningTask(deployment?: Task['deployment']) {
  const heard: (JsonObject | undefined)[] = []
  const deployed = (model: Graph, _: JsonObject, wish?: JsonObject): DeployedModel => {
    heard.push(wish)
    return { graph: model }
  }
  return { task: { name: 'sorting', deployed, ...(deployment && { deployment }) } as unknown as Task, heard }
}

const schema = z.strictObject({ most: z.int('a whole number').default(100) })

describe('deployedModel', () => {
  it('fills in what the user has not said', () => {
    const { task, heard } = listeningTask(schema)
    expect(deployedModel(task, graph, {}, {})).toEqual({ graph })
    deployedModel(task, graph, {}, { most: 5 })
    expect(heard).toEqual([{ most: 100 }, { most: 5 }])
  })

  it('names an option that the task does not know, and one of a wrong value', () => {
    const { task, heard } = listeningTask(schema)
    const refused = (wish: JsonObject, message: string, of = task) =>
      expect(() => deployedModel(of, graph, {}, wish)).toThrow(
        expect.objectContaining({ code: 'MNAS_DEPLOY_OPTION', message: expect.stringContaining(message) }),
      )
    refused({ least: 1 }, 'the option "least". Expected one of most, received 1')
    refused({ most: 1.5 }, 'the option "most". Expected a whole number, received 1.5')
    refused({ most: 1 }, 'the task sorting cannot be deployed with the option "most". Expected no options', listeningTask().task)
    expect(heard).toEqual([])
  })

  it('asks a task without options for nothing', () => {
    const { task, heard } = listeningTask()
    deployedModel(task, graph, {}, {})
    expect(heard).toEqual([{}])
  })
})
