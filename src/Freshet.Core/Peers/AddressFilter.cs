using System.Net;

namespace Freshet.Core.Peers;

/// <summary>The blocked addresses: nothing is exchanged with them. Thread-safe.</summary>
internal sealed class AddressFilter
{
    private AddressRanges _blocked = AddressRanges.None;
    private int _epoch;

    /// <summary>The blocked addresses.</summary>
    public AddressRanges Blocked
    {
        get => Volatile.Read(ref _blocked);
        set
        {
            Volatile.Write(ref _blocked, value);
            Interlocked.Increment(ref _epoch);
        }
    }

    /// <summary>How often the blocked addresses have changed: what was allowed before may be blocked now.</summary>
    public int Epoch => Volatile.Read(ref _epoch);

    public bool IsBlocked(IPAddress address) => Blocked.Contains(address);

    public bool IsBlocked(IPEndPoint endPoint) => Blocked.Contains(endPoint.Address);
}
