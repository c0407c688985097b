using System.Net;
using Freshet.Tracker.Swarms;
using Microsoft.AspNetCore.Connections;

namespace Freshet.Tracker.Http;

/// <summary>
/// Counts the open connections, in all and of each holder of addresses, so that neither clients that keep theirs nor a single host take
/// those of all others. Thread-safe.
/// </summary>
internal sealed class OpenConnections(TrackerOptions options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, int> _byHolder = [];
    private readonly int _mostOfHolder = Math.Max(options.MaxConnections / 16, 1);
    private int _count;

    /// <summary>Whether so many are open that none should be kept after its answer.</summary>
    public bool AreMany => 4 * (long)Volatile.Read(ref _count) > options.MaxConnections;

    /// <summary>Serves a connection by what comes next, unless its address has too many.</summary>
    public ConnectionDelegate Guard(ConnectionDelegate next) => async connection =>
    {
        IPAddress address = connection.RemoteEndPoint is IPEndPoint remote ? remote.Address : IPAddress.Loopback;
        if (!TryEnter(address))
        {
            connection.Abort();
            return;
        }

        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            Leave(address);
        }
    };

    /// <summary>Counts a connection; false if its address has too many.</summary>
    public bool TryEnter(IPAddress address)
    {
        lock (_lock)
        {
            if (IsBounded(address))
            {
                UInt128 holder = HolderOf(address);
                int ofHolder = _byHolder.GetValueOrDefault(holder);
                if (ofHolder >= _mostOfHolder)
                    return false;
                _byHolder[holder] = ofHolder + 1;
            }

            _count++;
            return true;
        }
    }

    /// <summary>A counted connection has ended.</summary>
    public void Leave(IPAddress address)
    {
        lock (_lock)
        {
            _count--;
            if (IsBounded(address) && --_byHolder[HolderOf(address)] == 0)
                _byHolder.Remove(HolderOf(address));
        }
    }

    // Everybody who is behind a proxy seems to be the proxy.
    private bool IsBounded(IPAddress address)
    {
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return !IPAddress.IsLoopback(plain) && !AskerAddress.IsIn(plain, options.TrustedProxies);
    }

    private static UInt128 HolderOf(IPAddress address) => PeerAddress.From(address, 0).Holder;
}
