// Faces of the seeded hosts: Open Peeps, a public-domain (CC0) illustration library by Pablo Stanley.
import { Avatar, Style } from '@dicebear/core'
import openPeeps from '@dicebear/styles/open-peeps.json' with { type: 'json' }

type Portrait = {
  head: string
  expression: string
  skin: string
  hair?: string
  clothing: string
  background: string
  accessories?: string
  facialHair?: string
}

const looks: Record<string, Portrait> = {
  'amelia-hart': {
    head: 'medium1',
    expression: 'smile',
    skin: 'ffdbb4',
    hair: 'a55728',
    clothing: '9ddadb',
    background: 'f6d9c5',
  },
  'kenji-watanabe': {
    head: 'grayShort',
    expression: 'calm',
    skin: 'edb98a',
    hair: 'e8e1e1',
    clothing: '8fa7df',
    background: 'efe3cf',
    accessories: 'glasses',
  },
  'priya-raman': {
    head: 'long',
    expression: 'smile',
    skin: 'ae5d29',
    clothing: 'e279c7',
    background: 'fbe3c0',
  },
  'mateo-alvarez': {
    head: 'short4',
    expression: 'smile',
    skin: 'edb98a',
    hair: '4a312c',
    clothing: 'e78276',
    background: 'f3dccd',
    facialHair: 'full3',
  },
  'grace-okafor': {
    head: 'afro',
    expression: 'cute',
    skin: '694d3d',
    clothing: 'ffcf77',
    background: 'f8dfd4',
  },
  'noah-bennett': {
    head: 'short5',
    expression: 'smile',
    skin: 'ffdbb4',
    hair: 'b58143',
    clothing: '78e185',
    background: 'e6e7d3',
    accessories: 'glasses2',
  },
  'leila-haddad': {
    head: 'hijab',
    expression: 'cute',
    skin: 'd08b5b',
    hair: '724133',
    clothing: '9ddadb',
    background: 'f4dcd6',
  },
  'marcus-reid': {
    head: 'noHair1',
    expression: 'smile',
    skin: '694d3d',
    clothing: 'fdea6b',
    background: 'f1dfc2',
    facialHair: 'chin',
  },
  'ruby-tamihana': {
    head: 'grayBun',
    expression: 'smile',
    skin: 'd08b5b',
    hair: 'e8e1e1',
    clothing: 'e78276',
    background: 'ece2d0',
  },
  'sofia-lindqvist': {
    head: 'bun',
    expression: 'calm',
    skin: 'ffdbb4',
    hair: 'd6b370',
    clothing: '8fa7df',
    background: 'f6ddd0',
  },
  'daniel-mwangi': {
    head: 'flatTop',
    expression: 'cheeky',
    skin: 'ae5d29',
    clothing: '78e185',
    background: 'f3e0c7',
  },
  'chloe-nguyen': {
    head: 'bangs2',
    expression: 'smile',
    skin: 'edb98a',
    hair: '2c1b18',
    clothing: 'ffcf77',
    background: 'f7dcd8',
  },
}

const friendly = ['smile', 'calm', 'cute', 'cheeky']
const warm = ['f6d9c5', 'efe3cf', 'fbe3c0', 'f8dfd4', 'e6e7d3', 'f4dcd6']
const style = new Style(openPeeps)

/** A square portrait as SVG; the same slug always has the same face. */
export function drawPhoto(slug: string, sizePx = 512): string {
  const look = looks[slug]
  const options = look
    ? {
        headVariant: look.head,
        expressionVariant: look.expression,
        skinColor: look.skin,
        clothingColor: look.clothing,
        backgroundColor: look.background,
        headContrastColor: look.hair ?? '2c1b18',
        accessoriesProbability: look.accessories ? 100 : 0,
        accessoriesVariant: look.accessories ?? 'glasses',
        facialHairProbability: look.facialHair ? 100 : 0,
        facialHairVariant: look.facialHair ?? 'chin',
      }
    : {
        expressionVariant: friendly,
        backgroundColor: warm,
        accessoriesProbability: 0,
        facialHairProbability: 0,
      }
  return new Avatar(style, { seed: slug, size: sizePx, maskProbability: 0, ...options } as never).toString()
}
