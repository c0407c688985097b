using System.Net;

namespace Freshet.Daemon.Security;

/// <summary>
/// Places that anybody may take, such as connections: a network and an area get some of them, and the last ones are for areas that have
/// none. The machine itself may have all, since a proxy in front of the daemon speaks for all its users.
/// </summary>
/// <param name="most">The places.</param>
internal sealed class NetworkPlaces(int most)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _ofNetworks = [];
    private readonly Dictionary<IPAddress, int> _ofAreas = [];
    private int _taken;

    /// <summary>Places for one network: an IPv4 address or an IPv6 /64.</summary>
    public int MostOfNetwork => Math.Max(1, most / 8);

    /// <summary>Places for one area: an IPv4 /24 or an IPv6 /48.</summary>
    public int MostOfArea => Math.Max(1, most / 2);

    /// <summary>Places that no area gets which has one.</summary>
    public int Kept => most / 8;

    /// <summary>Takes a place; null if there is none. Disposing the result gives it back.</summary>
    public IDisposable? TryEnter(IPAddress? address)
    {
        (IPAddress network, IPAddress area) = (ClientNetwork.Of(address), ClientNetwork.AreaOf(address));
        bool isHere = address is not null && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
        lock (_lock)
        {
            int ofArea = _ofAreas.GetValueOrDefault(area);
            bool hasEnough = _ofNetworks.GetValueOrDefault(network) >= MostOfNetwork || ofArea >= MostOfArea
                || (ofArea > 0 && _taken >= most - Kept);
            if (_taken >= most || (hasEnough && !isHere))
                return null;
            Add(network, area, 1);
        }

        return new Place(() =>
        {
            lock (_lock)
                Add(network, area, -1);
        });
    }

    private void Add(IPAddress network, IPAddress area, int places)
    {
        _taken += places;
        Add(_ofNetworks, network, places);
        Add(_ofAreas, area, places);
    }

    private static void Add(Dictionary<IPAddress, int> counts, IPAddress key, int places)
    {
        int count = counts.GetValueOrDefault(key) + places;
        if (count == 0)
            counts.Remove(key);
        else
            counts[key] = count;
    }

    private sealed class Place(Action leave) : IDisposable
    {
        private Action? _leave = leave;

        public void Dispose() => Interlocked.Exchange(ref _leave, null)?.Invoke();
    }
}
