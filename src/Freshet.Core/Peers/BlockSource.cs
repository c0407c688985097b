using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Peers;

/// <summary>
/// Whoever can be asked for blocks: what it has, what it was asked for, and how it is asked. A <see cref="Peer"/> is one, with a connection
/// and a protocol that lets it choke us; a web seed has an address and no more.
/// </summary>
internal abstract class BlockSource(
    PeerKey key, BlockSender sender, int pieceCount, Timestamp now, RequestPipeline? requests = null)
{
    /// <summary>Names it within its torrent, in the ledger and to the effects.</summary>
    public PeerKey Key { get; } = key;

    /// <summary>Who is blamed for what it sends.</summary>
    public BlockSender Sender { get; } = sender;

    /// <summary>The pieces it has.</summary>
    public Bitfield Has { get; private set; } = new(pieceCount);

    public bool IsSeed => Has.IsFull && Has.Length > 0;

    /// <summary>What we asked of it.</summary>
    public RequestPipeline Requests { get; } = requests ?? new RequestPipeline();

    /// <summary>Payload from it.</summary>
    public RateMeter Received { get; } = new(now);

    /// <summary>When it last gave us payload that we took; long ago if it never did.</summary>
    public Timestamp LastTaken { get; private set; } = new(long.MinValue);

    public bool HasBeenUseful => LastTaken > new Timestamp(long.MinValue);

    /// <summary>Until when nothing is asked of it, because it rejected what was.</summary>
    public Timestamp RestsUntil { get; private set; } = new(long.MinValue);

    /// <summary>Whether it may be asked for blocks now, if only of some pieces.</summary>
    public virtual bool CanBeAsked => true;

    /// <summary>Whether it gives only the pieces in <see cref="AllowedFast"/>.</summary>
    public virtual bool IsChoking => false;

    /// <summary>Pieces that it gives though it chokes us (BEP 6).</summary>
    public virtual ReadOnlySpan<PieceIndex> AllowedFast => [];

    /// <summary>Pieces that it would like to give, the latest last (BEP 6).</summary>
    public virtual ReadOnlySpan<PieceIndex> Suggested => [];

    /// <summary>Whether it gives long runs of bytes better than scattered pieces.</summary>
    public virtual bool TakesRuns => false;

    /// <summary>The present, on its own clock as well.</summary>
    public virtual PeerMoment At(Timestamp time) => new(time, time);

    /// <summary>Asks it for a block. It is noted elsewhere that it was.</summary>
    public abstract void Request(BlockRange block, Timestamp time);

    /// <summary>No more is asked of it for now: what was may leave.</summary>
    public virtual void Flush(Timestamp time)
    {
    }

    /// <summary>Takes a request back; the block may come all the same.</summary>
    public abstract void Cancel(BlockRange block, Timestamp time);

    /// <summary>Ends the line to it. Nothing more is heard of it.</summary>
    public abstract void Close(DisconnectReason reason);

    /// <summary>It is known by now how many pieces there are, of which it has none as yet.</summary>
    public void OnPieceCount(int count) => Has = new Bitfield(count);

    /// <summary>It sent a block that we took.</summary>
    public void OnTaken(Timestamp when) => LastTaken = when;

    /// <summary>It rejected all that it was asked for.</summary>
    public void RestUntil(Timestamp until) => RestsUntil = until;

    /// <summary>How fast it is for a torrent of such pieces: by how long a piece takes it.</summary>
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
