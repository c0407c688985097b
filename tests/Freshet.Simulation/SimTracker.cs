using System.Net;
using Freshet.Core.Trackers;
using Freshet.Core.Wire;

namespace Freshet.Simulation;

/// <summary>The tracker of one swarm, which may be down.</summary>
internal sealed class SimTracker(SimClock clock, Random random)
{
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(50);
    private readonly Dictionary<PeerId, (IPEndPoint Address, long Left)> _peers = [];

    public bool IsUp { get; set; } = true;

    /// <summary>The number of announces that it answered.</summary>
    public List<AnnounceRequest> Announces { get; } = [];

    /// <summary>The peers that have announced and not left.</summary>
    public int PeerCount => _peers.Count;

    /// <summary>Answers later with the response, or null if the tracker is down.</summary>
    public void Announce(IPEndPoint from, AnnounceRequest request, Action<AnnounceResponse?> done) => clock.After(Latency, () =>
    {
        AnnounceResponse? response = IsUp ? Answer(from, request) : null;
        clock.After(Latency, () => done(response));
    });

    /// <summary>Names a peer that does not announce itself.</summary>
    public void Add(PeerId id, IPEndPoint address) => _peers[id] = (address, 0);

    private AnnounceResponse Answer(IPEndPoint from, AnnounceRequest request)
    {
        Announces.Add(request);
        if (request.Event == AnnounceEvent.Stopped)
            _peers.Remove(request.PeerId);
        else
            _peers[request.PeerId] = (from, request.Left);
        AnnouncedPeer[] others = [.. _peers
            .Where(peer => peer.Key != request.PeerId)
            .Select(peer => new AnnouncedPeer(peer.Value.Address, null))];
        random.Shuffle(others);
        return new AnnounceResponse
        {
            Interval = TimeSpan.FromSeconds(120),
            MinInterval = TimeSpan.FromSeconds(30),
            Seeders = _peers.Values.Count(peer => peer.Left == 0),
            Leechers = _peers.Values.Count(peer => peer.Left > 0),
            Peers = others[..Math.Min(others.Length, request.NumWant)],
        };
    }
}
