using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Peers;
using Freshet.Network;

namespace Freshet;

/// <summary>Looks up names of hosts as the engine does, for programs that take peers by name.</summary>
public static class HostResolver
{
    /// <summary>
    /// The addresses of a host, in the order in which they should be tried; an address stands for itself. The system's resolver blocks,
    /// for half a minute if name servers are dead, so it runs on a thread of its own; nobody who cancels waits for it.
    /// </summary>
    /// <param name="host">A name, or an IPv4 or IPv6 address without brackets.</param>
    /// <param name="bind">
    /// The local address or interface that connections will come from; addresses of the other family are left out then. Null for the
    /// system's choice.
    /// The query itself goes as the system is set up, whatever is bound.
    /// </param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>At least one address.</returns>
    /// <exception cref="FreshetException">
    /// The host was not found, or has no address that can be reached from there; the message says which.
    /// </exception>
    public static Task<ImmutableArray<IPAddress>> ResolveAsync(
        string host, BindTarget? bind = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        return ResolveAsync(host, new NetworkBinding(bind), cancellationToken);
    }

    internal static async Task<ImmutableArray<IPAddress>> ResolveAsync(
        string host, NetworkBinding binding, CancellationToken cancellationToken)
    {
        (IPAddress[] addresses, string? failure) = await binding.ResolveAsync(host, cancellationToken).ConfigureAwait(false);
        return failure is null ? [.. addresses] : throw new FreshetException(failure);
    }
}
