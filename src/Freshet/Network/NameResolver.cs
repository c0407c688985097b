using System.Net;
using System.Net.Sockets;

namespace Freshet.Network;

/// <summary>Resolves host names: see <see cref="NameLookups{T}"/>.</summary>
/// <param name="lookUp">Resolves a name, blocking; null for the system's resolver.</param>
internal sealed class NameResolver(Func<string, IPAddress[]>? lookUp = null)
{
    private readonly NameLookups<IPAddress[]> _lookups = new(lookUp ?? Dns.GetHostAddresses);

    /// <summary>Resolves a host to its addresses, in the order in which they should be tried; an address resolves to itself.</summary>
    /// <exception cref="SocketException">There is no such name, the lookup failed, or too many lookups are queued.</exception>
    public Task<IPAddress[]> ResolveAsync(
        string host, CancellationToken cancellationToken, NameUrgency urgency = NameUrgency.Needed) =>
        IPAddress.TryParse(host, out IPAddress? literal)
            ? Task.FromResult<IPAddress[]>([literal])
            : _lookups.FindAsync(host, urgency, cancellationToken);
}
