/** VOSI 1.1 of the IVOA: whether a service works, and what it can do. */

import { StoreError } from '../errors.js';
import { escapeXml } from '../sky/xml.js';

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';
const startedAt = new Date();

/** Asks the database before it says that the service works. */
export async function availability(ask: () => Promise<unknown>): Promise<string> {
  const document = (
    available: boolean,
    note: string,
  ) => `${HEAD}<availability xmlns="http://www.ivoa.net/xml/VOSIAvailability/v1.0">
 <available>${available}</available>
 <upSince>${startedAt.toISOString()}</upSince>
 <note>${escapeXml(note)}</note>
</availability>
`;
  try {
    await ask();
    return document(true, 'the database can be read');
  } catch (error) {
    if (error instanceof StoreError) return document(false, error.message);
    throw error;
  }
}

/** `base` is the address of the services, as the client reached them. */
export function capabilities(base: string, maxRecords: number): string {
  const vosi = (name: string) => ` <capability standardID="ivo://ivoa.net/std/VOSI#${name}">
  <interface xsi:type="vs:ParamHTTP" role="std"><accessURL use="full">${escapeXml(`${base}/${name}`)}</accessURL></interface>
 </capability>
`;
  const parameters = [
    ['RA', 'pos.eq.ra', 'deg', 'required', 'ICRS right ascension'],
    ['DEC', 'pos.eq.dec', 'deg', 'required', 'ICRS declination'],
    ['SR', 'pos.angDistance', 'deg', 'required', 'Search radius'],
    ['VERB', '', '', 'optional', 'Verbosity, 1 to 3'],
    ['MAXREC', '', '', 'optional', 'Maximum number of rows'],
    ['t_min', 'time.start', 'd', 'optional', 'Least mid time of an observation, MJD UTC'],
    ['t_max', 'time.end', 'd', 'optional', 'Greatest mid time of an observation, MJD UTC'],
    ['response', 'instr.beam', '', 'optional', 'Instead of SR: power response at the edge of the main lobe'],
  ].map(
    ([name, ucd, unit, use, text]) =>
      `   <param std="${name === name?.toUpperCase()}" use="${use}"><name>${name}</name><description>${text}</description>${unit ? `<unit>${unit}</unit>` : ''}${ucd ? `<ucd>${ucd}</ucd>` : ''}<dataType>real</dataType></param>\n`,
  );
  return `${HEAD}<vosi:capabilities xmlns:vosi="http://www.ivoa.net/xml/VOSICapabilities/v1.0"
  xmlns:vs="http://www.ivoa.net/xml/VODataService/v1.1" xmlns:cs="http://www.ivoa.net/xml/ConeSearch/v1.0"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
${vosi('capabilities')}${vosi('availability')} <capability standardID="ivo://ivoa.net/std/ConeSearch" xsi:type="cs:ConeSearch">
  <interface xsi:type="vs:ParamHTTP" role="std">
   <accessURL use="base">${escapeXml(`${base}/cone?`)}</accessURL>
   <queryType>GET</queryType>
   <resultType>application/x-votable+xml</resultType>
${parameters.join('')}  </interface>
  <maxSR>180</maxSR>
  <maxRecords>${maxRecords}</maxRecords>
  <verbosity>true</verbosity>
  <testQuery><ra>180</ra><dec>30</dec><sr>1</sr></testQuery>
 </capability>
</vosi:capabilities>
`;
}
