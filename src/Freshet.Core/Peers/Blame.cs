using System.Net;
using Freshet.Core.Torrents;

namespace Freshet.Core.Peers;

/// <summary>
/// What follows when a piece fails its hash. A peer that alone sent a failed piece is proven bad. Peers that shared one are
/// suspects, no more: each is then given whole pieces of its own, the next of which either proves or clears it. Bytes are never
/// looked at here.
/// </summary>
/// <remarks>
/// A peer that lies in shared pieces alone, and is honest on parole, is caught by count: suspicion grows with every failed piece it
/// had a part in and shrinks with every good one, so that honest peers, whose company changes, stay far from the end. Suspicion
/// sticks to the address, so that reconnecting does not wipe it off.
/// </remarks>
internal sealed class Blame
{
    private const int EnoughSuspicion = 8;

    private readonly Dictionary<PeerKey, IPEndPoint> _addresses = [];
    private readonly Queue<PeerKey> _gone = new();
    private readonly Dictionary<IPEndPoint, int> _suspicion = [];

    /// <summary>Whether a peer shared a failed piece and has not been cleared since; it is given pieces of its own.</summary>
    public bool IsSuspect(IPEndPoint peer) => _suspicion.Count > 0 && _suspicion.ContainsKey(BanList.IdentityOf(peer));

    public void OnConnected(PeerKey peer, IPEndPoint endPoint) => _addresses[peer] = endPoint;

    /// <summary>A connection ended. What the peer sent may be hashed only now, so its address is kept for a while.</summary>
    public void OnGone(PeerKey peer)
    {
        _gone.Enqueue(peer);
        if (_gone.Count > Limits.MaxSuspects)
            _addresses.Remove(_gone.Dequeue());
    }

    /// <summary>A piece has its hash: who sent it alone is cleared, who had a part in it is a little less suspect.</summary>
    public void OnVerified(HashSet<PeerKey> senders)
    {
        if (_suspicion.Count == 0)
            return;
        foreach (PeerKey sender in senders)
        {
            if (!TryGetIdentity(sender, out IPEndPoint identity) || !_suspicion.TryGetValue(identity, out int suspicion))
                continue;
            if (senders.Count == 1 || suspicion == 1)
                _suspicion.Remove(identity);
            else
                _suspicion[identity] = suspicion - 1;
        }
    }

    /// <summary>A piece failed its hash. Tells the addresses of those proven bad, or as good as.</summary>
    /// <param name="senders">Who sent its blocks; an unknown key for what was there from an earlier run, which proves nothing.</param>
    public List<IPEndPoint> OnFailed(HashSet<PeerKey> senders)
    {
        List<IPEndPoint> guilty = [];
        foreach (PeerKey sender in senders)
        {
            if (!TryGetIdentity(sender, out IPEndPoint identity))
                continue;
            int suspicion = senders.Count == 1 ? EnoughSuspicion : _suspicion.GetValueOrDefault(identity) + 1;
            if (suspicion >= EnoughSuspicion)
            {
                _suspicion.Remove(identity);
                guilty.Add(_addresses[sender]);
            }
            else if (suspicion > 1 || _suspicion.Count < Limits.MaxSuspects)
            {
                _suspicion[identity] = suspicion;
            }
        }

        return guilty;
    }

    private bool TryGetIdentity(PeerKey sender, out IPEndPoint identity)
    {
        identity = null!;
        if (!_addresses.TryGetValue(sender, out IPEndPoint? address))
            return false;
        identity = BanList.IdentityOf(address);
        return true;
    }
}
