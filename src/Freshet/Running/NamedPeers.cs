using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Freshet.Network;

namespace Freshet.Running;

/// <summary>
/// The peers that a magnet link names (<c>x.pe</c>), looked up for as long as a torrent runs: a name that cannot be looked up now can be
/// later, and may then lead elsewhere. A few names of a torrent are looked up at once, and only the first of very many at all, so that they
/// do not take the room of other torrents.
/// </summary>
/// <param name="binding">The local address they will be dialled from.</param>
/// <param name="time">The clock of the pauses.</param>
internal sealed class NamedPeers(NetworkBinding binding, TimeProvider time)
{
    /// <summary>The time between two lookups of a name.</summary>
    public static TimeSpan Interval => TimeSpan.FromMinutes(30);

    /// <summary>The time until the first retry of a lookup that failed; then it doubles.</summary>
    public static TimeSpan FirstRetry => TimeSpan.FromMinutes(1);

    /// <summary>
    /// Reports the addresses of peers each time that they are looked up. Ends only if no peer has a name, or when cancelled.
    /// </summary>
    /// <param name="peers">Each as <c>host:port</c>, with an IPv6 address in brackets; anything else is ignored.</param>
    /// <param name="found">Receives the addresses.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task RunAsync(
        ImmutableArray<string> peers, Func<IReadOnlyList<IPEndPoint>, Task> found, CancellationToken cancellationToken)
    {
        DnsEndPoint[] hosts = [.. peers.Select(Parse).OfType<DnsEndPoint>()];
        IPEndPoint[] literals = [.. hosts.Select(Literal).OfType<IPEndPoint>()];
        if (literals.Length > 0)
            await found(literals).ConfigureAwait(false);
        DnsEndPoint[] names = [.. hosts.Where(static host => Literal(host) is null).Distinct().Take(NetworkLimits.MaxNamesOfLink)];
        DnsEndPoint[] due = names;
        TimeSpan sinceAll = TimeSpan.Zero;
        ParallelOptions lanes = new() { MaxDegreeOfParallelism = NetworkLimits.MaxNamesOfTorrent, CancellationToken = cancellationToken };
        TimeSpan retry = FirstRetry;
        while (names.Length > 0)
        {
            ConcurrentQueue<DnsEndPoint> failed = [];
            await Parallel.ForEachAsync(due, lanes, async (name, cancellation) =>
            {
                if (!await TryReportAsync(name, found, cancellation).ConfigureAwait(false))
                    failed.Enqueue(name);
            }).ConfigureAwait(false);

            // Spread, since many torrents may have started together.
            TimeSpan pause = (failed.IsEmpty ? Interval : retry) * (0.8 + (0.4 * Random.Shared.NextDouble()));
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
            sinceAll += pause;

            // Only those that failed, until it is time for all.
            bool isTimeForAll = failed.IsEmpty || sinceAll >= Interval;
            due = isTimeForAll ? names : [.. failed];
            sinceAll = isTimeForAll ? TimeSpan.Zero : sinceAll;
            retry = failed.IsEmpty ? FirstRetry : TimeSpan.FromTicks(Math.Min(2 * retry.Ticks, Interval.Ticks));
        }
    }

    private async Task<bool> TryReportAsync(
        DnsEndPoint name, Func<IReadOnlyList<IPEndPoint>, Task> found, CancellationToken cancellationToken)
    {
        (IPAddress[] addresses, _) = await binding.ResolveAsync(name.Host, cancellationToken, NameUrgency.Minor).ConfigureAwait(false);
        if (addresses.Length == 0)
            return false;
        await found([.. addresses.Select(address => new IPEndPoint(address, name.Port))]).ConfigureAwait(false);
        return true;
    }

    private static DnsEndPoint? Parse(string peer)
    {
        int colon = peer.LastIndexOf(':');
        bool hasPort = ushort.TryParse(peer.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port);
        string host = colon < 0 ? "" : peer[..colon].Trim('[', ']');
        return hasPort && host.Length > 0 ? new DnsEndPoint(host, port) : null;
    }

    private static IPEndPoint? Literal(DnsEndPoint host) =>
        IPAddress.TryParse(host.Host, out IPAddress? address) ? new IPEndPoint(address, host.Port) : null;
}
