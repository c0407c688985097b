using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Peers;
using Freshet.Network;

namespace Freshet;

/// <summary>Resolves host names as the engine does, for programs that accept peers by name.</summary>
public static class HostResolver
{
    /// <summary>
    /// Resolves a host to its addresses, in the order in which they should be tried; an address resolves to itself. The system's resolver
    /// blocks, for half a minute if name servers are down, so it runs on its own thread and cancellation returns at once.
    /// </summary>
    /// <param name="host">A name, or an IPv4 or IPv6 address without brackets.</param>
    /// <param name="bind">
    /// The local address or interface that connections will come from; addresses of the other family are then left out. Null for the
    /// system's choice. The name servers are asked from there too: those that the system is configured with, without its search domains.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>At least one address.</returns>
    /// <exception cref="FreshetException">
    /// The host was not found, or none of its addresses can be reached from <paramref name="bind"/>; the message says which.
    /// </exception>
    public static Task<ImmutableArray<IPAddress>> ResolveAsync(
        string host, BindTarget? bind = null, CancellationToken cancellationToken = default) =>
        ResolveAsync(host, (NetworkAccess)bind, cancellationToken);

    /// <summary>
    /// Resolves a host as <see cref="ResolveAsync(string, BindTarget?, CancellationToken)"/> does, and asks the name servers of
    /// <paramref name="access"/>, if it names some. Its proxy is not used.
    /// </summary>
    /// <param name="host">A name, or an IPv4 or IPv6 address without brackets.</param>
    /// <param name="access">How connections will be made.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>At least one address.</returns>
    /// <exception cref="ArgumentException">The name servers are invalid.</exception>
    /// <exception cref="FreshetException">The host was not found, or none of its addresses can be reached.</exception>
    public static Task<ImmutableArray<IPAddress>> ResolveAsync(
        string host, NetworkAccess access, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        ArgumentNullException.ThrowIfNull(access);
        return ResolveAsync(host, NetworkAccess.BindingOf(access), cancellationToken);
    }

    internal static async Task<ImmutableArray<IPAddress>> ResolveAsync(
        string host, NetworkBinding binding, CancellationToken cancellationToken)
    {
        (IPAddress[] addresses, string? failure) = await binding.ResolveAsync(host, cancellationToken).ConfigureAwait(false);
        return failure is null ? [.. addresses] : throw new FreshetException(failure);
    }
}
