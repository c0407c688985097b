using System.Collections.Immutable;
using System.Net;

namespace Freshet.Daemon.Security;

/// <summary>
/// The host names by which the daemon may be addressed. A page of another site can point its own name at this machine (DNS rebinding) and
/// then has the same origin as ours for the browser; but it cannot choose the Host header, which contains that name.
/// </summary>
internal sealed class HostRules(ImmutableArray<string> names, ImmutableArray<IPEndPoint> listening)
{
    public bool Allows(string? host)
    {
        if (string.IsNullOrEmpty(host))
            return false;
        string name = host.Trim('[', ']');
        if (IPAddress.TryParse(name, out IPAddress? address))
            return IPAddress.IsLoopback(address) || listening.Any(endPoint => IsReachedBy(endPoint.Address, address));
        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || names.Any(allowed => allowed.Equals(name, StringComparison.OrdinalIgnoreCase));
    }

    // An address cannot be rebound: it needs no name resolution. If we listen on all addresses, any may be the machine's.
    private static bool IsReachedBy(IPAddress bound, IPAddress called) =>
        bound.Equals(called) || bound.Equals(IPAddress.Any) || bound.Equals(IPAddress.IPv6Any);
}
