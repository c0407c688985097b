using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Freshet.Network;

namespace Freshet.Running;

/// <summary>The peers that a magnet link names (<c>x.pe</c>), as addresses to dial.</summary>
internal static class NamedPeers
{
    /// <summary>Looks up those that are names. Whichever is not found is passed over: the link may name others.</summary>
    /// <param name="peers">Each <c>host:port</c>, with an IPv6 address in brackets.</param>
    /// <param name="binding">From where they will be dialled.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<IReadOnlyList<IPEndPoint>> ResolveAsync(
        ImmutableArray<string> peers, NetworkBinding binding, CancellationToken cancellationToken)
    {
        IPEndPoint[][] found = await Task.WhenAll(
            peers.Select(peer => ResolveAsync(peer, binding, cancellationToken))).ConfigureAwait(false);
        return [.. found.SelectMany(static endPoints => endPoints)];
    }

    private static async Task<IPEndPoint[]> ResolveAsync(string peer, NetworkBinding binding, CancellationToken cancellationToken)
    {
        int colon = peer.LastIndexOf(':');
        if (colon < 0 || !ushort.TryParse(peer.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
            return [];
        (IPAddress[] addresses, string? failure) =
            await binding.ResolveAsync(peer[..colon].Trim('[', ']'), cancellationToken).ConfigureAwait(false);
        return failure is null ? [.. addresses.Select(address => new IPEndPoint(address, port))] : [];
    }
}
