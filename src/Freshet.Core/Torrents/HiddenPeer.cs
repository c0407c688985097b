using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>
/// A peer that does not know that we have everything. <see cref="Told"/> holds all pieces revealed to it, <see cref="Open"/> those of them
/// that it does not have yet, and <see cref="Sent"/> those that were sent to it completely.
/// </summary>
internal sealed class HiddenPeer(Peer peer, int pieceCount)
{
    // A peer that requests none of the pieces revealed to it is not waited for longer than this. A peer that has never requested anything
    // may only be obstructing: its trial is shorter, and it is offered another piece much later.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Trial = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    // A piece that makes no progress for this long is revealed to others.
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(6);

    // What a peer can receive within this time counts as in transit to it.
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(1);

    // Whether it is heard of when what left for it has arrived: it loses interest, or others get it from there. Assumed until it is not.
    private bool _confirms = true;

    public Peer Peer { get; } = peer;

    public Bitfield Told { get; } = new(pieceCount);

    public Dictionary<PieceIndex, Grant> Open { get; } = [];

    /// <summary>Pieces that left for it whole. Most peers do not say that they have what we have as well.</summary>
    public Bitfield Sent { get; } = new(pieceCount);

    /// <summary>When a piece was last revealed to it; far in the past if never.</summary>
    public Timestamp LastGrant { get; private set; } = new(long.MinValue / 2);

    /// <summary>Pieces that it has received from us and that nobody else has yet.</summary>
    public int Kept { get; set; }

    /// <summary>When a piece first left for it whole.</summary>
    public Timestamp FirstSent { get; private set; } = Timestamp.Never;

    /// <summary>Whether others have a piece that they can only have from it.</summary>
    public bool HasPassedOn { get; private set; }

    /// <summary>Whether it seems to keep what it receives to itself.</summary>
    public bool IsFreeRider { get; set; }

    /// <summary>Whether it downloads or has downloaded anything from us.</summary>
    public bool IsProven => Peer.Uploads.HasSent || Peer.Uploads.Queued > 0;

    /// <summary>Reveals a piece to it. It may request the piece from now on.</summary>
    public void Grant(PieceIndex piece, int length, Timestamp now)
    {
        Told.Add(piece);
        Open[piece] = new Grant(piece, length, now);
        LastGrant = now;
    }

    /// <summary>A block has been sent to it.</summary>
    public void OnSent(BlockRange block, Timestamp now)
    {
        if (!Open.TryGetValue(block.Piece, out Grant? grant))
            return;
        grant.OnSent(block, now);
        if (grant.Left == 0 && Sent.Add(block.Piece))
            FirstSent = Timestamp.Min(FirstSent, now);
    }

    /// <summary>Somebody has a piece that only this peer and those that have it from here were sent.</summary>
    public void OnSpread(PieceIndex piece) => HasPassedOn |= Sent[piece];

    /// <summary>It no longer wants anything of us, so what left for it whole has arrived: so many bytes.</summary>
    public long OnSatisfied()
    {
        long arrived = 0;

        // Dictionary.Remove is allowed during enumeration.
        foreach (Grant grant in Open.Values)
        {
            if (grant.Left > 0)
                continue;
            Open.Remove(grant.Piece);
            arrived += grant.Length;
            _confirms = true;
        }

        return arrived;
    }

    /// <summary>Somebody has a piece, so it has arrived here if it left for this peer whole: so many bytes.</summary>
    public long OnPassedOn(PieceIndex piece)
    {
        if (!Open.TryGetValue(piece, out Grant? grant) || grant.Left > 0)
            return 0;
        Open.Remove(piece);
        _confirms = true;
        return grant.Length;
    }

    /// <inheritdoc cref="OnPassedOn(PieceIndex)"/>
    public long OnPassedOn(Bitfield pieces)
    {
        long arrived = 0;

        // Dictionary.Remove is allowed during enumeration.
        foreach (PieceIndex piece in Open.Keys)
            arrived += pieces[piece] ? OnPassedOn(piece) : 0;
        return arrived;
    }

    /// <summary>Removes a piece from the open ones if it left whole.</summary>
    public void ForgetIfSent(PieceIndex piece)
    {
        if (Sent[piece])
            Open.Remove(piece);
    }

    /// <summary>Removes pieces from the open ones that it now has, or that left for it so long ago that it must have them.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="lastArrival">When it was last heard of that something had arrived at a peer: what left before may be next.</param>
    public void Update(Timestamp now, Timestamp lastArrival)
    {
        // Dictionary.Remove is allowed during enumeration.
        foreach (Grant grant in Open.Values)
        {
            TimeSpan silent = now - Timestamp.Max(grant.LastMoved, lastArrival);
            bool isOverdue = grant.Left == 0 && (silent >= Patience || now - grant.LastMoved >= LastPatience);
            _confirms &= !isOverdue;
            if (isOverdue || Peer.Has[grant.Piece])
                Open.Remove(grant.Piece);
        }
    }

    /// <summary>Adds the open pieces that are making progress.</summary>
    public void AddMoving(Bitfield told, Timestamp now)
    {
        foreach (Grant grant in Open.Values)
        {
            if (now - grant.LastMoved < (IsProven ? LastPatience : Patience))
                told.Add(grant.Piece);
        }
    }

    /// <summary>Whether it has never downloaded anything and may still request the piece revealed to it.</summary>
    public bool IsOnTrial(Timestamp now) => !IsProven && now - LastGrant < Trial;

    /// <summary>Whether it still has pieces to request.</summary>
    public bool IsBusy(Timestamp now)
    {
        if (!IsProven)
            return false;
        foreach (Grant grant in Open.Values)
        {
            if (now - grant.LastMoved < LastPatience)
                return true;
        }

        return false;
    }

    /// <summary>Whether a piece has left for it whole and has not arrived yet, as far as it says when one has.</summary>
    public bool IsReceiving
    {
        get
        {
            if (!_confirms)
                return false;
            foreach (Grant grant in Open.Values)
            {
                if (grant.Left == 0)
                    return true;
            }

            return false;
        }
    }

    /// <summary>Bytes that it can be expected to download from us soon; 0 if it has never downloaded any.</summary>
    public long BytesAhead(Timestamp now)
    {
        if (!IsProven)
            return 0;
        long bytes = 0;
        foreach (Grant grant in Open.Values)
        {
            // What has left may still wait in the system's buffers and at a slow line, where further pieces would wait behind it.
            if (grant.Left == 0)
                bytes += _confirms ? grant.Length : 0;
            else if (now - grant.LastMoved < Patience)
                bytes += grant.Left;
        }

        bytes = Math.Max(bytes, (long)Peer.Uploads.Queued * Limits.BlockLength);
        return now - LastGrant < Ahead ? bytes : Math.Min(bytes, BytesWithin(Ahead, now));
    }

    /// <summary>Whether another piece may be revealed to it: the open ones do not keep it busy.</summary>
    public bool HasRoom(int pieceLength, Timestamp now)
    {
        if (!IsProven)
            return now - LastGrant >= Rest;
        long left = 0;
        foreach (Grant grant in Open.Values)
            left += now - grant.LastMoved < LastPatience ? grant.Left : 0;
        return left < Math.Max(pieceLength, BytesWithin(Ahead, now));
    }

    private long BytesWithin(TimeSpan time, Timestamp now) =>
        Math.Max((long)(Peer.Uploads.Sent.RateAt(now).BytesPerSecond * time.TotalSeconds), 2L * Limits.BlockLength);
}
