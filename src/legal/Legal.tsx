import { useQuery } from '@tanstack/react-query'
import { useParams } from 'react-router'
import { documents } from '../../server/journey/members/consent.ts'
import { Card } from '../ui/Card.tsx'
import NotFound from '../ui/NotFound.tsx'
import { Page } from '../ui/Page.tsx'
import { documentQuery } from '../api/queries.ts'
import { CrisisLines } from '../safety/CrisisLines.tsx'
import { DocumentText } from './Document.tsx'

export default function Legal() {
  const { name = '' } = useParams()
  const { isError } = useQuery(documentQuery(name))
  if (isError) return <NotFound />
  const title = Object.entries(documents).find(([known]) => known === name)?.[1].title ?? 'Not found'
  const isAboutHelp = name === 'pledge' || name === 'not-therapy'
  return (
    <Page title={title} width="normal">
      <Card className="p-6 sm:p-8">
        <DocumentText name={name} />
      </Card>
      {isAboutHelp && <CrisisLines className="mt-6" />}
    </Page>
  )
}
