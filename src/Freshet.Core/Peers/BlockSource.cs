using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Peers;

/// <summary>
/// A source of blocks: what it has, what was requested from it, and how to send requests to it. A <see cref="Peer"/> is a source with a
/// connection and a protocol in which it can choke us; a web seed is just an address.
/// </summary>
internal abstract class BlockSource(
    PeerKey key, BlockSender sender, int pieceCount, Timestamp now, RequestPipeline? requests = null)
{
    /// <summary>Identifies the source within its torrent, in the ledger and in effects.</summary>
    public PeerKey Key { get; } = key;

    /// <summary>Who is blamed for the data that it sends.</summary>
    public BlockSender Sender { get; } = sender;

    /// <summary>The pieces that it has.</summary>
    public Bitfield Has { get; private set; } = new(pieceCount);

    public bool IsSeed => Has.IsFull && Has.Length > 0;

    /// <summary>Our requests to it.</summary>
    public RequestPipeline Requests { get; } = requests ?? new RequestPipeline();

    /// <summary>Payload received from it.</summary>
    public RateMeter Received { get; } = new(now);

    /// <summary>When it last sent payload that we accepted; far in the past if never.</summary>
    public Timestamp LastTaken { get; private set; } = new(long.MinValue);

    public bool HasBeenUseful => LastTaken > new Timestamp(long.MinValue);

    /// <summary>No requests are sent to it before this moment, because it rejected earlier ones.</summary>
    public Timestamp RestsUntil { get; private set; } = new(long.MinValue);

    /// <summary>Whether blocks may be requested from it now, if only of some pieces.</summary>
    public virtual bool CanBeAsked => true;

    /// <summary>Whether it serves only the pieces in <see cref="AllowedFast"/>.</summary>
    public virtual bool IsChoking => false;

    /// <summary>Pieces that it serves although it chokes us (BEP 6).</summary>
    public virtual ReadOnlySpan<PieceIndex> AllowedFast => [];

    /// <summary>Pieces that it has suggested, the latest last (BEP 6).</summary>
    public virtual ReadOnlySpan<PieceIndex> Suggested => [];

    /// <summary>Whether it serves long runs of bytes better than scattered pieces.</summary>
    public virtual bool TakesRuns => false;

    /// <summary>The current time, on our clock and on its own.</summary>
    public virtual PeerMoment At(Timestamp time) => new(time, time);

    /// <summary>Sends a request for a block. The caller records it.</summary>
    public abstract void Request(BlockRange block, Timestamp time);

    /// <summary>Called after the last request for now: queued requests may be sent.</summary>
    public virtual void Flush(Timestamp time)
    {
    }

    /// <summary>Cancels a request; the block may arrive all the same.</summary>
    public abstract void Cancel(BlockRange block, Timestamp time);

    /// <summary>Closes the source. Nothing more is received from it.</summary>
    public abstract void Close(DisconnectReason reason);

    /// <summary>The number of pieces has become known; the source has none of them yet.</summary>
    public void OnPieceCount(int count) => Has = new Bitfield(count);

    /// <summary>It sent a block that we accepted.</summary>
    public void OnTaken(Timestamp when) => LastTaken = when;

    /// <summary>It rejected everything that was requested from it.</summary>
    public void RestUntil(Timestamp until) => RestsUntil = until;

    /// <summary>The pace of the source in a torrent with this piece length: how long it needs for a piece.</summary>
    public PeerPace PaceFor(int pieceLength)
    {
        if (Requests.IsSnubbed)
            return PeerPace.Slow;
        double rate = Requests.BytesPerSecond;
        return rate <= 0 ? PeerPace.Medium
            : rate * 10 >= pieceLength ? PeerPace.Fast
            : rate * 60 >= pieceLength ? PeerPace.Medium
            : PeerPace.Slow;
    }
}
