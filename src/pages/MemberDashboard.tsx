export default function MemberDashboard() { return null }
