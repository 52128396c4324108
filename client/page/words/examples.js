/** Backgrounds that shops ask for. In English whatever the page speaks, because models read it; what each is called is `words.example.ID`. */
export const EXAMPLES = Object.freeze([
  { id: 'marble', prompt: 'empty white marble table top with soft grey veins, bright blurred room behind, product photography, soft daylight' },
  { id: 'wood', prompt: 'empty rustic wooden table top, warm blurred room behind, product photography, soft window light' },
  { id: 'studio', prompt: 'empty photo studio, seamless light grey paper backdrop, soft even light, product photography' },
  { id: 'linen', prompt: 'natural beige linen cloth with gentle folds, soft daylight, product photography' },
  { id: 'concrete', prompt: 'smooth grey concrete wall and floor, soft shadows, minimal, product photography' },
  { id: 'kitchen', prompt: 'empty light kitchen counter, blurred bright kitchen behind, morning light' },
  { id: 'forest', prompt: 'mossy forest floor, blurred trees behind, soft morning light between the leaves' },
  { id: 'beach', prompt: 'empty sandy beach, calm sea and sky out of focus behind, golden hour' },
]);
