import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';

import { look } from '../../client/image/read/inspect.js';
import { readMetadata } from '../../client/image/read/metadata.js';
import { rightsInXmp } from '../../client/image/read/xmp.js';
import { blobOf, FILES } from './files.js';

describe('the colour profile, and whose it is', () => {
  for (const { title, bytes, profile, rights } of FILES) {
    test(title, async () => {
      const { profile: found, ...others } = await look(blobOf(bytes)).then(readMetadata);
      assert.equal(found && createHash('sha256').update(found).digest('hex'), profile);
      assert.deepEqual(others, rights);
    });
  }
});

describe('XMP', () => {
  const none = { copyright: null, artist: null };
  const cases = {
    'nothing in it': ['<x:xmpmeta/>', none],
    'several creators': ['<dc:creator><rdf:Seq><rdf:li>A &amp; B</rdf:li><rdf:li>C</rdf:li></rdf:Seq></dc:creator>', { copyright: null, artist: 'A & B, C' }],
    'plain text': ['<dc:rights>&#169; &#xe4;</dc:rights>', { copyright: '© ä', artist: null }],
    'the first language': ['<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">mine</rdf:li><rdf:li xml:lang="de">meins</rdf:li></rdf:Alt></dc:rights>', { copyright: 'mine', artist: null }],
    'an element that never ends': ['<dc:rights><rdf:li>x', none],
    'a number that is no character': ['<dc:rights>&#x110000;&#0;</dc:rights>', { copyright: '&#x110000;&#0;', artist: null }],
  };
  for (const [name, [xmp, expected]] of Object.entries(cases)) test(name, () => assert.deepEqual(rightsInXmp(xmp), expected));
});
