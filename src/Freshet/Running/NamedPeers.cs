using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Freshet.Network;

namespace Freshet.Running;

/// <summary>Resolves the peers that a magnet link gives (<c>x.pe</c>) to addresses.</summary>
internal static class NamedPeers
{
    /// <summary>Resolves the peers that are host names. Those that cannot be resolved are skipped: the link may give others.</summary>
    /// <param name="peers">Each as <c>host:port</c>, with an IPv6 address in brackets.</param>
    /// <param name="binding">The local address they will be dialled from.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
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
            await binding.ResolveAsync(peer[..colon].Trim('[', ']'), cancellationToken, NameUrgency.Minor).ConfigureAwait(false);
        return failure is null ? [.. addresses.Select(address => new IPEndPoint(address, port))] : [];
    }
}
