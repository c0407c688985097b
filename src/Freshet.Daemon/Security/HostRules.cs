using System.Collections.Immutable;
using System.Net;

namespace Freshet.Daemon.Security;

/// <summary>
/// By which names the daemon may be called. A page of another site can point a name of its own at this machine (DNS rebinding) and then
/// counts, for the browser, as ours; but it cannot choose the Host header, which has that name.
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

    // An address cannot be rebound: it needs no name service. Behind "every address", any may be the machine's.
    private static bool IsReachedBy(IPAddress bound, IPAddress called) =>
        bound.Equals(called) || bound.Equals(IPAddress.Any) || bound.Equals(IPAddress.IPv6Any);
}
