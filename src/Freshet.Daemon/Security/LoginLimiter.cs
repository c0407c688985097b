using System.Net;

namespace Freshet.Daemon.Security;

/// <summary>
/// Counts failed logins of the current minute. An address (a /64 for IPv6) that has failed too often is rejected unseen until the minute
/// is over. So is one that has failed at all if its neighbourhood or everybody together has failed too often; but each may try once, so
/// whoever guesses from many addresses keeps nobody out who knows the password.
/// </summary>
internal sealed class LoginLimiter(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _ofNetworks = [];
    private readonly Dictionary<IPAddress, int> _ofAreas = [];
    private long _began = time.GetTimestamp();
    private int _all;

    /// <summary>How many networks are counted, for tests.</summary>
    internal int Counted => _ofNetworks.Count + _ofAreas.Count;

    /// <summary>How long an address must wait before it may try again; null if it may now.</summary>
    public TimeSpan? WaitOf(IPAddress? address)
    {
        lock (_lock)
        {
            Turn();
            int own = _ofNetworks.GetValueOrDefault(ClientNetwork.Of(address));
            bool isBarred = own >= Bounds.MaxFailuresOfAddress
                || (own > 0 && (_ofAreas.GetValueOrDefault(ClientNetwork.AreaOf(address)) >= Bounds.MaxFailuresOfArea
                    || _all >= Bounds.MaxFailures));
            return isBarred ? Window - time.GetElapsedTime(_began) : null;
        }
    }

    /// <summary>A password was wrong. There are few of these in a minute, since each is hashed, one at a time.</summary>
    public void OnWrongPassword(IPAddress? address)
    {
        lock (_lock)
        {
            Turn();
            _all++;
            Count(_ofNetworks, ClientNetwork.Of(address), Bounds.MaxCountedNetworks);
            Count(_ofAreas, ClientNetwork.AreaOf(address), Bounds.MaxCountedNetworks);
        }
    }

    /// <summary>
    /// A token was wrong. Nobody can guess it, and many can come in a minute: they bar only their own address, and leave room to count
    /// wrong passwords.
    /// </summary>
    public void OnWrongToken(IPAddress? address)
    {
        lock (_lock)
        {
            Turn();
            Count(_ofNetworks, ClientNetwork.Of(address), Bounds.MaxCountedNetworks / 2);
        }
    }

    private static void Count(Dictionary<IPAddress, int> counts, IPAddress key, int most)
    {
        if (counts.TryGetValue(key, out int count) || counts.Count < most)
            counts[key] = count + 1;
    }

    private void Turn()
    {
        if (time.GetElapsedTime(_began) < Window)
            return;
        _began = time.GetTimestamp();
        _all = 0;
        _ofNetworks.Clear();
        _ofAreas.Clear();
    }
}
