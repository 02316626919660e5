// The camera live in the page: one tap takes the picture. It is asked for once, stays open a little while between two
// observations, and gives way to the phone's own camera app where it cannot be had.

const LONG_SIDE_PX = 2048;
const QUALITY = 0.8;
const CLOSES_AFTER_MS = 60_000;
const WANTED = {
  audio: false,
  video: { facingMode: { ideal: 'environment' }, width: { ideal: LONG_SIDE_PX }, height: { ideal: 1536 } },
};
let stream = null;
let opening = null;
let closing = null;

/** Whether this browser can show a camera in the page at all. */
export const canShow = () => Boolean(navigator.mediaDevices?.getUserMedia);

/** Shows the camera in `video`. Rejects where it is refused or there is none. */
export async function openCamera(video) {
  clearTimeout(closing);
  const isLive = stream?.getVideoTracks().some((track) => track.readyState === 'live');
  if (!isLive) {
    // Asked twice while it opens, the phone would give two, and one of them would never be let go of.
    opening ??= navigator.mediaDevices.getUserMedia(WANTED).finally(() => (opening = null));
    stream = await opening;
  }
  if (video.srcObject !== stream) video.srcObject = stream;
  await video.play();
}

/** Lets go of the camera, after a minute in which nobody wanted it again. */
export function closeCamera(video) {
  video.pause();
  clearTimeout(closing);
  closing = setTimeout(stopCamera, CLOSES_AFTER_MS);
}

/** Lets go of the camera at once. */
export function stopCamera() {
  clearTimeout(closing);
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
}

/** What the camera sees now, as a photo. */
export async function shoot(video) {
  const ratio = Math.min(1, LONG_SIDE_PX / Math.max(video.videoWidth, video.videoHeight));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(video.videoWidth * ratio);
  canvas.height = Math.round(video.videoHeight * ratio);
  canvas.getContext('2d').drawImage(video, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
  if (!blob) throw new Error('no picture');
  return new File([blob], `photo-${Date.now()}.jpg`, { type: 'image/jpeg', lastModified: Date.now() });
}
