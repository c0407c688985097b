using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Peers;

/// <summary>
/// What a peer requests from us and is sent. <see cref="Queued"/> is always the number of blocks in its outbox. Changed only by the
/// machine's uploading part.
/// </summary>
internal sealed class UploadSide(Timestamp now)
{
    // A peer answers an unchoke within its round trip; one that was once too late is given more time in its next slot.
    private static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PatienceBetweenRequests = TimeSpan.FromSeconds(5);
    private const int MostDoublings = 3;

    // What a peer may take before it is expected to give something. Those who give decide about their slots every ten seconds, too.
    private const long MostOnCredit = 4 * Limits.BlockLength;

    private PieceIndex[] _allowedFast = [];
    private Timestamp _lastRequest = new(long.MinValue);
    private long _creditFrom;

    /// <summary>Whether it is interested.</summary>
    public bool IsInterested { get; private set; }

    /// <summary>Whether we choke it.</summary>
    public bool IsChoked { get; private set; } = true;

    /// <summary>When it was last choked or unchoked.</summary>
    public Timestamp LastChange { get; private set; } = now;

    /// <summary>Consecutive slots that it was given and did not use.</summary>
    public int WastedSlots { get; private set; }

    /// <summary>Blocks in its outbox.</summary>
    public int Queued { get; private set; }

    /// <summary>Requests that we have refused since we last accepted one.</summary>
    public int Refused { get; private set; }

    /// <summary>Payload sent to it.</summary>
    public RateMeter Sent { get; } = new(now);

    /// <summary>Payload received from it when the last unchoking round began.</summary>
    public long ReceivedBeforeRound { get; private set; }

    /// <summary>Payload sent to it when the last unchoking round began.</summary>
    public long SentBeforeRound { get; private set; }

    /// <summary>Payload sent to it when it was last unchoked.</summary>
    public long SentBeforeChange { get; private set; }

    /// <summary>Whether it was ever unchoked.</summary>
    public bool HadSlot { get; private set; }

    /// <summary>
    /// Whether it takes and gives nothing: it took some blocks from us and sent us none in a round at whose end we were interested, or it
    /// passed on nothing of the only copy. Whatever it sends ends that with the round.
    /// </summary>
    public bool IsFreeRider { get; private set; }

    /// <summary>When the last block was sent to it; far in the past if never.</summary>
    public Timestamp LastSent { get; private set; } = new(long.MinValue);

    public bool HasSent => LastSent > new Timestamp(long.MinValue);

    /// <summary>Whether it has been told which pieces it may request while choked.</summary>
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

    /// <summary>
    /// Since when its slot is idle, or when it will be if nothing changes until then; never while blocks are queued or it has no slot.
    /// </summary>
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

    /// <summary>An unchoking round begins.</summary>
    /// <param name="received">The payload received from it so far.</param>
    /// <param name="isWanted">Whether it has pieces that we want.</param>
    public void OnRound(long received, bool isWanted)
    {
        bool hasGiven = received > ReceivedBeforeRound;
        if (hasGiven || !isWanted)
            _creditFrom = Sent.Total;
        IsFreeRider = !hasGiven && (IsFreeRider || Sent.Total - _creditFrom >= MostOnCredit);
        ReceivedBeforeRound = received;
        SentBeforeRound = Sent.Total;
    }

    /// <summary>It turned out to pass on nothing of what it was given.</summary>
    public void OnPassedOnNothing() => IsFreeRider = true;

    /// <summary>The bytes that its origin may have while choked, in all connections together.</summary>
    public long Allowance { get; private set; }

    /// <summary>Allows it to request these pieces while choked (BEP 6), and no more bytes of them than they have.</summary>
    public void AllowFast(PieceIndex[] pieces, long bytes)
    {
        _allowedFast = pieces;
        Allowance = bytes;
    }

    /// <summary>Whether it may request a piece while choked.</summary>
    public bool MayHaveFast(PieceIndex piece) => Array.IndexOf(_allowedFast, piece) >= 0;

    /// <summary>It made a request, whether or not it will be served.</summary>
    public void OnRequested(Timestamp when)
    {
        _lastRequest = when;
        WastedSlots = 0;
    }

    /// <summary>A block was queued in its outbox.</summary>
    public void OnQueued()
    {
        Refused = 0;
        Queued++;
    }

    /// <summary>Blocks were removed from its outbox and will not be sent.</summary>
    public void OnUnqueued(int blocks) => Queued -= blocks;

    /// <summary>A block was sent.</summary>
    public void OnSent(int bytes, Timestamp when)
    {
        Queued--;
        LastSent = when;
        Sent.Add(bytes, when);
    }

    /// <summary>A request was refused.</summary>
    public void OnRefused() => Refused++;
}
