using System.Net;
using System.Runtime.InteropServices;
using Freshet.Core.Peers;

namespace Freshet.Connections;

/// <summary>
/// A bounded waiting room for strangers in which nobody can crowd out others. Every newcomer is admitted; if there are too many, the oldest
/// one of the most crowded network (an IPv4 address, an IPv6 /64) is evicted. Thread-safe.
/// </summary>
/// <param name="most">The capacity.</param>
/// <param name="grace">
/// How long nobody is evicted: honest strangers need no longer, even if they arrive in crowds. Up to twice the capacity may be present
/// during that time; beyond that nobody is spared.
/// </param>
/// <param name="time">The clock.</param>
internal sealed class FairRoom(int most, TimeSpan grace, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Origin, LinkedList<Place>> _networks = [];
    private int _count;

    /// <summary>The current number of strangers.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _count;
        }
    }

    /// <summary>Takes a place. Others, or even this one, may be evicted for it before this returns.</summary>
    /// <param name="address">The stranger's address.</param>
    /// <param name="onEvicted">Evicts the stranger; called at most once, perhaps while the place is being released.</param>
    public IDisposable Enter(IPAddress address, Action onEvicted)
    {
        Place place = new(this, Origin.OfNetwork(address), onEvicted, time.GetTimestamp());
        List<Place>? evicted = null;
        lock (_lock)
        {
            ref LinkedList<Place>? neighbours = ref CollectionsMarshal.GetValueRefOrAddDefault(_networks, place.Network, out _);
            neighbours ??= new LinkedList<Place>();
            neighbours.AddLast(place.Node);
            _count++;
            while (_count > most && Crowded() is { } oldest && (_count > 2 * most || time.GetElapsedTime(oldest.Entered) >= grace))
            {
                Remove(oldest);
                (evicted ??= []).Add(oldest);
            }
        }

        evicted?.ForEach(static stranger => stranger.Evict());
        return place;
    }

    private Place? Crowded()
    {
        LinkedList<Place>? crowd = null;
        foreach (LinkedList<Place> network in _networks.Values)
        {
            bool isMore = crowd is null || network.Count > crowd.Count
                || (network.Count == crowd.Count && network.First!.Value.Entered < crowd.First!.Value.Entered);
            if (isMore)
                crowd = network;
        }

        return crowd?.First?.Value;
    }

    private void Leave(Place place)
    {
        lock (_lock)
            Remove(place);
    }

    private void Remove(Place place)
    {
        if (place.Node.List is not { } network)
            return;
        network.Remove(place.Node);
        if (network.Count == 0)
            _networks.Remove(place.Network);
        _count--;
    }

    private sealed class Place : IDisposable
    {
        private readonly FairRoom _room;
        private readonly Action _onEvicted;

        public Place(FairRoom room, Origin network, Action onEvicted, long entered)
        {
            _room = room;
            _onEvicted = onEvicted;
            Network = network;
            Entered = entered;
            Node = new LinkedListNode<Place>(this);
        }

        public Origin Network { get; }

        public long Entered { get; }

        public LinkedListNode<Place> Node { get; }

        public void Evict() => _onEvicted();

        public void Dispose() => _room.Leave(this);
    }
}
