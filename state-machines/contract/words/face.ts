/** What somebody at the camera can be asked to do. The first asked for is `straight`: the picture a face is compared by. */
export const facePrompts = ['straight', 'left', 'right', 'up', 'near'] as const;
export type FacePrompt = (typeof facePrompts)[number];

/** Most bytes of all pictures of one try together. */
export const maxPicturesBytes = 200_000;

/** Longest side of a picture, dots. */
export const maxPictureSide = 640;

/** Longest compact JWE of the pictures: base64 of the JPEGs inside JSON, and base64url of that. */
export const maxFaceJweLength = 400_000;
