using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Freshet.Core.Trackers;
using Freshet.Core.WebSeeds;
using Freshet.Core.Wire;

namespace Freshet.Core.Tests.Torrents;

/// <summary>Records what a machine asks for, and does nothing.</summary>
internal sealed class RecordingEffects : ITorrentEffects
{
    private readonly Dictionary<PeerKey, PauseMeter> _pauses = [];

    public List<IPEndPoint> Dialled { get; } = [];

    /// <summary>What was known about each address that was dialled.</summary>
    public List<DialHint> Hints { get; } = [];

    public List<(PeerKey Peer, DisconnectReason Reason)> Dropped { get; } = [];

    public List<(PeerKey Peer, PeerMessage Message)> Sent { get; } = [];

    public List<(PeerKey Peer, BlockRange Block)> Outbox { get; } = [];

    public List<BlockRef> Written { get; } = [];

    public List<TimeSpan> Responses { get; } = [];

    public List<BlockLease> Leases { get; } = [];

    public List<PieceIndex> Discarded { get; } = [];

    public List<Bitfield> Checks { get; } = [];

    public int Probes { get; private set; }

    public List<(string Tracker, AnnounceRequest Request)> Announces { get; } = [];

    /// <summary>The metadata that was fetched.</summary>
    public List<byte[]> Metadata { get; } = [];

    /// <summary>How often our own metadata was requested from disk.</summary>
    public int MetadataReads { get; private set; }

    public List<TorrentFact> Facts { get; } = [];

    /// <summary>Everything that the machine asked for, counted.</summary>
    public int Count { get; private set; }

    /// <summary>The last demand.</summary>
    public TorrentDemand Demanded { get; private set; }

    public void Demand(TorrentDemand demand) => Demanded = demand;

    /// <summary>How often there was no connection that could be ended for another torrent.</summary>
    public int NoRooms { get; private set; }

    public void NoRoomMade() => NoRooms++;

    public void Connect(IPEndPoint peer, DialHint hint)
    {
        Count++;
        Dialled.Add(peer);
        Hints.Add(hint);
    }

    public void Disconnect(PeerKey peer, DisconnectReason reason)
    {
        Count++;
        Dropped.Add((peer, reason));
    }

    public void Send(PeerKey peer, in PeerMessage message)
    {
        Count++;
        Sent.Add((peer, message));
    }

    public void SendBlock(PeerKey peer, BlockRange block)
    {
        Count++;
        Outbox.Add((peer, block));
    }

    public bool CancelBlock(PeerKey peer, BlockRange block) => Outbox.Remove((peer, block));

    public void CancelBlocks(PeerKey peer, List<BlockRange> cancelled)
    {
        cancelled.AddRange(Outbox.Where(entry => entry.Peer == peer).Select(entry => entry.Block));
        Outbox.RemoveAll(entry => entry.Peer == peer);
    }

    /// <summary>Requests to web seeds that are under way.</summary>
    public List<FetchOrder> Fetches { get; } = [];

    /// <summary>Requests to web seeds that were given up.</summary>
    public List<FetchKey> Aborted { get; } = [];

    public void Fetch(FetchOrder order)
    {
        Count++;
        Fetches.Add(order);
    }

    public void AbortFetch(PeerKey seed, FetchKey fetch)
    {
        Count++;
        Fetches.RemoveAll(order => order.Seed == seed && order.Key == fetch);
        Aborted.Add(fetch);
    }

    public TimeSpan HeldUp(PeerKey peer, Timestamp now) => PausesOf(peer).TotalAt(now);

    public HeldByLimit ReceivingHeld(PeerKey peer, Timestamp now) => ReceivingLimits.GetValueOrDefault(peer);

    public HeldByLimit SendingHeld(PeerKey peer, Timestamp now) => SendingLimits.GetValueOrDefault(peer);

    public TimeSpan? RoundTrip(PeerKey peer) => null;

    /// <summary>How long reading from peers is said to have waited for limits.</summary>
    public Dictionary<PeerKey, HeldByLimit> ReceivingLimits { get; } = [];

    /// <summary>How long the requests of peers are said to have waited for limits.</summary>
    public Dictionary<PeerKey, HeldByLimit> SendingLimits { get; } = [];

    /// <summary>The pauses in which nothing is read from a peer.</summary>
    public PauseMeter PausesOf(PeerKey peer) =>
        _pauses.TryGetValue(peer, out PauseMeter? pauses) ? pauses : _pauses[peer] = new PauseMeter();

    /// <summary>How often the right to write was requested.</summary>
    public int Claims { get; private set; }

    public void ClaimData() => Claims++;

    public void ReportResponse(PeerTransport transport, TimeSpan time) => Responses.Add(time);

    public void WriteBlock(BlockRef block, BlockLease lease)
    {
        Written.Add(block);
        Leases.Add(lease);
    }

    public void DiscardPiece(PieceIndex piece)
    {
        Count++;
        Discarded.Add(piece);
        Written.RemoveAll(block => block.Piece == piece);
    }

    public void Release(BlockLease lease) => Leases.Add(lease);

    public void CheckPieces(Bitfield pieces) => Checks.Add(pieces.Clone());

    public void ProbeDisk()
    {
        Count++;
        Probes++;
    }

    public void Announce(string tracker, AnnounceRequest request)
    {
        Count++;
        Announces.Add((tracker, request));
    }

    public void MetadataFetched(ReadOnlyMemory<byte> info)
    {
        Count++;
        Metadata.Add(info.ToArray());
    }

    public void ReadMetadata()
    {
        Count++;
        MetadataReads++;
    }

    public void Report(TorrentFact fact)
    {
        Count++;
        Facts.Add(fact);
    }
}
