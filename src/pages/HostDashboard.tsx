export default function HostDashboard() { return null }
