/**
 * What the head of a file tells, in one shape for all formats.
 *
 * @typedef {import('../bytes.js').Span} Span
 *
 * @typedef {object} Head
 * @property {number | null} width in pixels, as stored; null when only decoding tells
 * @property {number | null} height
 * @property {number} orientation 1..8, as EXIF counts: how the stored picture is to be turned
 * @property {import('../../../shared/errors.js').Variant | null} variant a kind of this format that cannot be decoded here
 * @property {'rgb' | 'grey' | 'cmyk' | 'lab'} colours
 * @property {Span[]} profile pieces of the ICC profile, in order; none without one
 * @property {boolean} isDeflated whether the profile is
 * @property {'p3' | 'rec2020' | null} primaries named instead of a profile
 * @property {import('../density.js').Density | null} density as stored, in a field of the format's own
 * @property {'pq' | 'hlg' | null} transfer of HDR (ITU-R BT.2100), where the file names one
 * @property {boolean} isPremultiplied whether the colours come multiplied by alpha, and the decoder leaves them so
 * @property {boolean} isFullChroma 4:4:4, of HEIC
 * @property {boolean} isForLibtiff of TIFF: whether it is of a kind that is not read here, and libtiff reads
 * @property {number | null} item of HEIF: the number of the primary one
 * @property {Span | null} exif a TIFF structure
 * @property {Span | null} xmp
 * @property {Span | null} iptc records, or image resources that hold them
 * @property {import('../bytes.js').Mend[]} mends what browsers are given instead of parts of the file, to decode and to show
 * @property {import('../../../shared/protocol.js').Note[]} notes what the head tells that the photo's owner would want to know
 */

/**
 * @param {Partial<Head>} facts
 * @returns {Head}
 */
export function headOf(facts) {
  return {
    width: null,
    height: null,
    orientation: 1,
    variant: null,
    colours: 'rgb',
    profile: [],
    isDeflated: false,
    primaries: null,
    density: null,
    transfer: null,
    isPremultiplied: false,
    isFullChroma: false,
    isForLibtiff: false,
    item: null,
    exif: null,
    xmp: null,
    iptc: null,
    mends: [],
    notes: [],
    ...facts,
  };
}

/**
 * @param {number} count
 * @param {'frames' | 'pages' | 'pictures'} kind
 * @returns {Head['notes']} that all but one are left out; none where there is only one
 */
export function firstOfMany(count, kind) {
  return count > 1 ? [{ code: 'first-of-many', detail: { count, kind } }] : [];
}

/** @param {number} orientation @returns {boolean} whether it exchanges width and height */
export const isSideways = (orientation) => orientation >= 5 && orientation <= 8;

/**
 * @param {Head} head
 * @returns {{ width: number | null, height: number | null }} as the picture is to be seen
 */
export function upright({ width, height, orientation: stored }) {
  return isSideways(stored) ? { width: height, height: width } : { width, height };
}
