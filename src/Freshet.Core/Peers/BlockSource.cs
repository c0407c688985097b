using System.Runtime.InteropServices;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Peers;

/// <summary>
/// Whoever can be asked for blocks: what it has, and what it was asked for. A <see cref="Peer"/> is one, with a connection and a protocol
/// that lets it choke us; another may have an address alone.
/// </summary>
internal abstract class BlockSource(PeerKey key, BlockSender sender, int pieceCount, Timestamp now)
{
    private readonly List<PieceIndex> _allowedFast = [];
    private readonly List<PieceIndex> _suggested = [];

    /// <summary>Names it within its torrent, in the ledger and to the effects.</summary>
    public PeerKey Key { get; } = key;

    /// <summary>Who is blamed for what it sends.</summary>
    public BlockSender Sender { get; } = sender;

    /// <summary>The pieces it has.</summary>
    public Bitfield Has { get; private set; } = new(pieceCount);

    public bool IsSeed => Has.IsFull && Has.Length > 0;

    /// <summary>What we asked of it.</summary>
    public RequestPipeline Requests { get; } = new();

    /// <summary>Payload from it.</summary>
    public RateMeter Received { get; } = new(now);

    /// <summary>When it last gave us payload that we took; long ago if it never did.</summary>
    public Timestamp LastTaken { get; private set; } = new(long.MinValue);

    public bool HasBeenUseful => LastTaken > new Timestamp(long.MinValue);

    /// <summary>Blocks in a row that it sent without our asking.</summary>
    public int UnrequestedBlocks { get; private set; }

    /// <summary>Whether it shared a failed piece and is given pieces of its own until one shows what it is worth.</summary>
    public bool IsOnParole { get; set; }

    /// <summary>Until when nothing is asked of it, because it rejected what was.</summary>
    public Timestamp RestsUntil { get; private set; } = new(long.MinValue);

    /// <summary>Whether it gives only the pieces in <see cref="AllowedFast"/>.</summary>
    public abstract bool IsChoking { get; }

    /// <summary>Whether it may be asked for blocks now, if only of some pieces.</summary>
    public abstract bool CanBeAsked { get; }

    /// <summary>Pieces that it gives though it chokes us (BEP 6).</summary>
    public ReadOnlySpan<PieceIndex> AllowedFast => CollectionsMarshal.AsSpan(_allowedFast);

    /// <summary>Pieces that it would like to give, the latest last (BEP 6).</summary>
    public ReadOnlySpan<PieceIndex> Suggested => CollectionsMarshal.AsSpan(_suggested);

    /// <summary>It gives a piece though it chokes us.</summary>
    public void AllowFast(PieceIndex piece)
    {
        if (_allowedFast.Count < Limits.MaxAllowedFastPieces && !_allowedFast.Contains(piece))
            _allowedFast.Add(piece);
    }

    /// <summary>It does not give the piece after all.</summary>
    public void DisallowFast(PieceIndex piece) => _allowedFast.Remove(piece);

    /// <summary>It would like to give a piece.</summary>
    public void Suggest(PieceIndex piece)
    {
        _suggested.Remove(piece);
        if (_suggested.Count == Limits.MaxSuggestedPieces)
            _suggested.RemoveAt(0);
        _suggested.Add(piece);
    }

    /// <summary>It is known by now how many pieces there are, of which it has none as yet.</summary>
    public void OnPieceCount(int count) => Has = new Bitfield(count);

    /// <summary>It sent a block that we took.</summary>
    public void OnTaken(Timestamp when) => LastTaken = when;

    /// <summary>It sent a block that we asked for.</summary>
    public void OnAnswered() => UnrequestedBlocks = 0;

    /// <summary>It sent a block that nobody asked for.</summary>
    public void OnUnrequested() => UnrequestedBlocks++;

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
