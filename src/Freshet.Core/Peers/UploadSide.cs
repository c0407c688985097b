using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Peers;

/// <summary>
/// What a peer wants of us and is given. <see cref="Queued"/> is always the number of blocks in its outbox. Changed by the part of the
/// machine that uploads, and by nobody else.
/// </summary>
internal sealed class UploadSide(Timestamp now)
{
    // A peer answers an unchoke within its round trip; one that once did not is given more time in its next slot.
    private static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PatienceBetweenRequests = TimeSpan.FromSeconds(5);
    private const int MostDoublings = 3;

    private PieceIndex[] _allowedFast = [];
    private long _allowance;
    private Timestamp _lastRequest = new(long.MinValue);

    /// <summary>Whether it wants to request.</summary>
    public bool IsInterested { get; private set; }

    /// <summary>Whether we refuse its requests.</summary>
    public bool IsChoked { get; private set; } = true;

    /// <summary>When it was last choked or unchoked.</summary>
    public Timestamp LastChange { get; private set; } = now;

    /// <summary>Slots in a row that it was given and did not use.</summary>
    public int WastedSlots { get; private set; }

    /// <summary>Blocks in its outbox.</summary>
    public int Queued { get; private set; }

    /// <summary>Its requests that we refused since the last one we took.</summary>
    public int Refused { get; private set; }

    /// <summary>Payload to it.</summary>
    public RateMeter Sent { get; } = new(now);

    /// <summary>Payload that it had sent us when the last round of unchoking began.</summary>
    public long ReceivedBeforeRound { get; private set; }

    /// <summary>Payload that had left for it when the last round of unchoking began.</summary>
    public long SentBeforeRound { get; private set; }

    /// <summary>Payload that had left for it when it was last unchoked.</summary>
    public long SentBeforeChange { get; private set; }

    /// <summary>Whether it was ever unchoked.</summary>
    public bool HadSlot { get; private set; }

    /// <summary>When the last block left for it; long ago if none has.</summary>
    public Timestamp LastSent { get; private set; } = new(long.MinValue);

    public bool HasSent => LastSent > new Timestamp(long.MinValue);

    /// <summary>Whether it was told which pieces it may have though we choke it.</summary>
    public bool IsAllowedFast => _allowedFast.Length > 0;

    public void SetInterest(bool interested) => IsInterested = interested;

    public void Unchoke(Timestamp when)
    {
        IsChoked = false;
        HadSlot = true;
        SentBeforeChange = Sent.Total;
        LastChange = when;
    }

    public void Choke(Timestamp when)
    {
        if (_lastRequest < LastChange)
            WastedSlots++;
        IsChoked = true;
        LastChange = when;
    }

    /// <summary>Since when a slot of it lies idle, if it does so by then; never while blocks are queued or it has no slot.</summary>
    public Timestamp IdleFrom
    {
        get
        {
            if (IsChoked || Queued > 0)
                return Timestamp.Never;
            return _lastRequest < LastChange
                ? LastChange + (FirstPatience * (1 << Math.Min(WastedSlots, MostDoublings)))
                : Timestamp.Max(_lastRequest, LastSent) + PatienceBetweenRequests;
        }
    }

    /// <summary>A round of unchoking begins.</summary>
    public void OnRound(long received)
    {
        ReceivedBeforeRound = received;
        SentBeforeRound = Sent.Total;
    }

    /// <summary>It may have these pieces though it is choked, each byte of them once (BEP 6).</summary>
    public void AllowFast(PieceIndex[] pieces, long bytes)
    {
        _allowedFast = pieces;
        _allowance = bytes;
    }

    /// <summary>Whether a request is for what it may have though it is choked. What it may have so grows less with each.</summary>
    public bool TryUseAllowance(BlockRange range)
    {
        if (_allowance < range.Length || Array.IndexOf(_allowedFast, range.Piece) < 0)
            return false;
        _allowance -= range.Length;
        return true;
    }

    /// <summary>It asked for something, to be had or not.</summary>
    public void OnRequested(Timestamp when)
    {
        _lastRequest = when;
        WastedSlots = 0;
    }

    /// <summary>A block was put into its outbox.</summary>
    public void OnQueued()
    {
        Refused = 0;
        Queued++;
    }

    /// <summary>Blocks were taken out of its outbox, and will not leave.</summary>
    public void OnUnqueued(int blocks) => Queued -= blocks;

    /// <summary>A block left.</summary>
    public void OnSent(int bytes, Timestamp when)
    {
        Queued--;
        LastSent = when;
        Sent.Add(bytes, when);
    }

    /// <summary>A request was refused.</summary>
    public void OnRefused() => Refused++;
}
