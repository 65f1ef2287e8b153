export default function Schedule() { return null }
