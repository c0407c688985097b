using System.Net;
using Freshet.Core.Rates;

namespace Freshet.Core.Peers;

/// <summary>
/// Addresses that peers have told us of and that never answered, so that the next peer that names one does not have it dialled again for
/// <see cref="PeerLimits.DeadFor"/>: it may come back. <see cref="PeerLimits.MaxDead"/> are remembered. When there are more, the oldest of
/// the network that named most of them is forgotten, so that whoever makes up addresses does not push out what others have named.
/// </summary>
internal sealed class DeadAddresses
{
    private readonly Dictionary<IPEndPoint, Death> _all = [];
    private readonly Dictionary<Origin, List<IPEndPoint>> _byTeller = [];

    /// <summary>Whether an address is known to be dead.</summary>
    public bool Contains(IPEndPoint endPoint, Timestamp now) => _all.TryGetValue(endPoint, out Death death) && !IsOver(death, now);

    /// <summary>An address does not answer.</summary>
    /// <param name="endPoint">The address.</param>
    /// <param name="teller">The network of the peer that named it.</param>
    /// <param name="now">The time.</param>
    public void Add(IPEndPoint endPoint, Origin teller, Timestamp now)
    {
        Remove(endPoint);
        if (_all.Count >= PeerLimits.MaxDead)
            MakeRoom(teller, now);
        _all.Add(endPoint, new Death(teller, now));
        if (!_byTeller.TryGetValue(teller, out List<IPEndPoint>? told))
            _byTeller.Add(teller, told = []);
        told.Add(endPoint);
    }

    /// <summary>An address is alive.</summary>
    public void Remove(IPEndPoint endPoint)
    {
        if (!_all.Remove(endPoint, out Death death))
            return;
        List<IPEndPoint> told = _byTeller[death.Teller];
        told.Remove(endPoint);
        if (told.Count == 0)
            _byTeller.Remove(death.Teller);
    }

    public void Clear()
    {
        _all.Clear();
        _byTeller.Clear();
    }

    private void MakeRoom(Origin teller, Timestamp now)
    {
        foreach ((IPEndPoint endPoint, _) in _all.Where(one => IsOver(one.Value, now)).ToArray())
            Remove(endPoint);
        if (_all.Count >= PeerLimits.MaxDead)
            Remove(_byTeller.MaxBy(told => (told.Value.Count, told.Key == teller)).Value[0]);
    }

    private static bool IsOver(Death death, Timestamp now) => now - death.Since >= PeerLimits.DeadFor;

    private readonly record struct Death(Origin Teller, Timestamp Since);
}
