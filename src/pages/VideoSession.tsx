export default function VideoSession() { return null }
