using System.Net;
using System.Net.Sockets;

namespace Freshet.Daemon.Security;

/// <summary>
/// Counts failed logins and bearer tokens, by address (by /64 for IPv6) and in total. After too many failures in a minute, attempts are
/// rejected unseen until the minute is over.
/// </summary>
internal sealed class LoginLimiter(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _failures = [];
    private long _began = time.GetTimestamp();
    private int _all;

    /// <summary>How long an address must wait before it may try again; null if it may now.</summary>
    public TimeSpan? WaitOf(IPAddress? address)
    {
        lock (_lock)
        {
            Turn();
            bool isBarred = _all >= Bounds.MaxFailures
                || _failures.GetValueOrDefault(NetworkOf(address)) >= Bounds.MaxFailuresOfAddress;
            return isBarred ? Window - time.GetElapsedTime(_began) : null;
        }
    }

    public void OnFailure(IPAddress? address)
    {
        lock (_lock)
        {
            Turn();
            _all++;
            IPAddress network = NetworkOf(address);
            _failures[network] = _failures.GetValueOrDefault(network) + 1;
        }
    }

    private void Turn()
    {
        if (time.GetElapsedTime(_began) < Window)
            return;
        _began = time.GetTimestamp();
        _all = 0;
        _failures.Clear();
    }

    private static IPAddress NetworkOf(IPAddress? address)
    {
        if (address is null)
            return IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        byte[] bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
